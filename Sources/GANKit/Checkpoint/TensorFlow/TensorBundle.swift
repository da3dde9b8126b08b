// SPDX-License-Identifier: Apache-2.0

/// A TensorFlow checkpoint as `tf.train.Saver` writes it: NAME.index, a table of the variables, and their elements in
/// NAME.data-00000-of-00001, or more such files. The messages are those of tensorflow/core/protobuf/tensor_bundle.proto.
struct TensorBundle {
    /// The variables of a type that `ElementType` has, by their names.
    let variables: [String: TensorSource]
    /// The names of the others.
    let others: [String]

    private static let maxShards = 1_000

    /// - Parameters:
    ///   - index: the content of NAME.index
    ///   - shard: the content of one of the data files, of so many
    init(_ index: ByteView, shard: (_ number: Int, _ count: Int) throws -> ByteView) throws {
        let table = try SortedTable(index)
        // The header's key is empty, so it comes first.
        guard let head = table.entries.first, head.key.isEmpty else {
            throw CheckpointError.malformed(detail: "the index has no header")
        }
        let shards = try Self.shardCount(index, head.value)
        var opened: [Int: ByteView] = [:]
        var budgets: [Int: TensorBudget] = [:]
        var variables: [String: TensorSource] = [:]
        var others: [String] = []
        for (key, value) in table.entries.dropFirst() {
            guard let name = String(validating: key, as: UTF8.self) else {
                throw CheckpointError.malformed(detail: "the name of a variable is no UTF-8 text")
            }
            let entry = try CheckpointError.naming(name) { try TensorBundleEntry(index, value) }
            guard let type = entry.elementType, !entry.isSliced else {
                others.append(name)
                continue
            }
            guard (0..<shards).contains(entry.shard) else {
                throw CheckpointError.malformed(
                    detail: "tensor \(name.quoted): data file \(entry.shard) of \(shards) does not exist")
            }
            let data = try opened[entry.shard] ?? shard(entry.shard, shards)
            opened[entry.shard] = data
            variables[name] = try CheckpointError.naming(name) {
                let tensor = try entry.tensor(of: type, in: data)
                try budgets[entry.shard, default: TensorBudget(fileByteCount: data.count)].charge(tensor.byteCount)
                return entry.source(name, tensor)
            }
        }
        self.variables = variables
        self.others = others
    }

    /// `BundleHeaderProto`: num_shards = 1, endianness = 2.
    private static func shardCount(_ index: ByteView, _ range: Range<Int>) throws -> Int {
        var scanner = ProtobufScanner(index, range)
        var count: UInt64 = 0
        while let (field, value) = try scanner.next() {
            guard case .number(let number) = value else { continue }
            if field == 1 { count = number }
            if field == 2, number != 0 {
                throw CheckpointError.unsupported(detail: "the checkpoint is not in little-endian order")
            }
        }
        guard (1...UInt64(maxShards)).contains(count) else {
            throw CheckpointError.malformed(
                detail: "the checkpoint has \(count) data files, 1 to \(maxShards) are allowed")
        }
        return Int(count)
    }
}
