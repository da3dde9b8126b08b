// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// A table in LevelDB's format and the messages of a TensorFlow checkpoint's index.
struct TableFile {
    var entries: [(key: String, value: [UInt8])]
    /// Of each block; 0 is none.
    var compression: UInt8 = 0
    var checksumError: UInt32 = 0
    /// How many bytes of a key may be left to the one before.
    var sharesPrefixes = true
    /// How often the index names the block of data.
    var blockCount = 1

    init(_ entries: [(String, [UInt8])]) {
        self.entries = entries
    }

    var bytes: [UInt8] {
        var output: [UInt8] = []
        let data = append(block(entries.map { (Array($0.key.utf8), $0.value) }), to: &output)
        let meta = append(block([]), to: &output)
        let places = (1...blockCount).map { (key: [UInt8](repeating: UInt8(ascii: "~"), count: $0), value: data) }
        let index = append(block(places), to: &output)
        let footer = meta + index
        return output + footer + [UInt8](repeating: 0, count: 40 - footer.count)
            + [UInt8](littleEndian: UInt64(0xdb47_7524_8b80_fb57))
    }

    private func block(_ entries: [(key: [UInt8], value: [UInt8])]) -> [UInt8] {
        var output: [UInt8] = []
        var previous: [UInt8] = []
        for (key, value) in entries {
            let shared = sharesPrefixes ? zip(previous, key).prefix { $0 == $1 }.count : 0
            output += Self.varint(shared) + Self.varint(key.count - shared) + Self.varint(value.count)
            output += key[shared...] + value
            previous = key
        }
        return output + [UInt8](littleEndian: UInt32(0)) + [UInt8](littleEndian: UInt32(1))
    }

    /// - Returns: the block's handle
    private func append(_ block: [UInt8], to output: inout [UInt8]) -> [UInt8] {
        let offset = output.count
        let typed = block + [compression]
        let checksum = typed.withUnsafeBytes { CRC32C.masked($0) } ^ checksumError
        output += typed + [UInt8](littleEndian: checksum)
        return Self.varint(offset) + Self.varint(block.count)
    }

    static func varint(_ value: Int) -> [UInt8] {
        var rest = UInt64(bitPattern: Int64(value))
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    static func field(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }

    static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(bytes.count) + bytes
    }

    /// `BundleHeaderProto`
    static func header(shards: Int = 1, endianness: Int = 0) -> [UInt8] { field(1, shards) + field(2, endianness) }

    /// `BundleEntryProto` of float32 elements.
    static func entry(
        type: Int = 1, shape: [Int], shard: Int = 0, offset: Int, size: Int, checksum: UInt32
    ) -> [UInt8] {
        field(1, type) + field(2, shape.flatMap { field(2, field(1, $0)) }) + field(3, shard) + field(4, offset)
            + field(5, size) + varint(6 << 3 | 5) + [UInt8](littleEndian: checksum)
    }

    /// The index and the data of float32 variables.
    static func checkpoint(_ variables: [(String, [Int])]) -> (index: [UInt8], data: [UInt8]) {
        var data: [UInt8] = []
        var entries = [("", header())]
        for (name, shape) in variables.sorted(by: { $0.0 < $1.0 }) {
            let count = shape.reduce(1, *)
            let elements = (0..<count).flatMap { [UInt8](littleEndian: Float($0).bitPattern) }
            let checksum = elements.withUnsafeBytes { CRC32C.masked($0) }
            entries.append(
                (name, entry(shape: shape, offset: data.count, size: elements.count, checksum: checksum)))
            data += elements
        }
        return (TableFile(entries).bytes, data)
    }

    /// The generator of gsurma/face_generator with one channel and a filter of one element: 1x1 pixel of z of two elements.
    static let faceGenerator = checkpoint([
        ("generator/dense/kernel", [2, 1]), ("generator/dense/bias", [1]), ("generator/logits/kernel", [1, 1, 1, 1]),
        ("generator/logits/bias", [1]),
    ])
}
