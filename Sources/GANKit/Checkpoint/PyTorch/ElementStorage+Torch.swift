// SPDX-License-Identifier: Apache-2.0

/// A storage as `torch.save` wrote it before PyTorch 1.6 and as storages inside of other pickles are written to this day:
/// five pickles (magic number, protocol version, system information, the storage as a persistent ID, the list of storage
/// keys), an int64 element count, the elements.
extension ElementStorage {
    /// 0x1950a86a20f9469cfc6c, little-endian: the magic number of `torch.save`.
    static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    private static let protocolVersion = 1001
    /// More than the five pickles take, which have about 250 bytes.
    private static let longestHead = 1 << 16

    /// Reads the head of the argument of `torch.storage._load_from_bytes`.
    init(_ value: PickleValue?, in document: PickleDocument) throws {
        switch value {
        case .bytes(let range)?:
            // Not a slice, so that offsets in messages are those of the file.
            let head = try Self.head(document.source, range)
            try self.init(
                head.identifier, head: document.source, bytes: .plain(document.source), countOffset: head.endOffset,
                end: range.upperBound)
        case .latin1(let range)?:
            let text = try Latin1Text(document.source.slice(range))
            let start = try text.prefix(Self.longestHead)
            let head = try Self.head(start, 0..<start.count)
            try self.init(
                head.identifier, head: start, bytes: .text(text), countOffset: head.endOffset, end: text.count)
        default:
            throw CheckpointError.malformed(detail: "its storage is not bytes")
        }
    }

    /// Reads the count, which lies in `head`, and checks that the elements fill the rest.
    private init(
        _ identifier: TorchStorageIdentifier, head: ByteView, bytes: ElementBytes, countOffset: Int, end: Int
    ) throws {
        let left = end - countOffset
        guard left >= 8, head.count - countOffset >= 8 else {
            throw CheckpointError.malformed(detail: "its storage ends before the element count")
        }
        let count = identifier.elementCount
        let stored = head.littleEndian(Int64.self, at: countOffset)
        guard stored == count else {
            throw CheckpointError.malformed(detail: "its storage holds \(stored) elements, \(count) announced")
        }
        guard identifier.byteCount == left - 8 else {
            throw CheckpointError.malformed(
                detail: "its storage of \(count) \(identifier.elementType.rawValue) elements has \(left - 8) bytes")
        }
        self.init(
            elementType: identifier.elementType, elementCount: count, bytes: bytes, dataOffset: countOffset + 8)
    }

    /// Runs the magic number, the version and the system information, which begin every stream of the old format.
    ///
    /// - Returns: where the next pickle begins
    static func preamble(_ source: ByteView, in range: Range<Int>, of what: String) throws -> Int {
        let magic = try PickleMachine.run(source, in: range)
        guard case .bigInteger(let number) = magic.root, source.bytes[number].elementsEqual(Self.magic) else {
            throw CheckpointError.malformed(detail: "\(what) does not begin with the number of torch.save")
        }
        let version = try PickleMachine.run(source, in: magic.endOffset..<range.upperBound)
        guard version.root == .int(Self.protocolVersion) else {
            throw CheckpointError.malformed(detail: "\(what) is not of torch.save protocol \(Self.protocolVersion)")
        }
        let system = try PickleMachine.run(source, in: version.endOffset..<range.upperBound)
        guard system.value(system.root, forKey: "little_endian") == .bool(true) else {
            throw CheckpointError.unsupported(detail: "\(what) is not in little-endian order")
        }
        return system.endOffset
    }

    /// Runs the five pickles.
    private static func head(
        _ source: ByteView, _ range: Range<Int>
    ) throws -> (identifier: TorchStorageIdentifier, endOffset: Int) {
        let start = try preamble(source, in: range, of: "its storage")
        let storage = try PickleMachine.run(source, in: start..<range.upperBound, allowsPersistentIDs: true)
        let identifier = try TorchStorageIdentifier(storage.root, in: storage)
        let keys = try PickleMachine.run(source, in: storage.endOffset..<range.upperBound)
        guard let list = keys.sequence(keys.root), list.count == 1, keys.string(list[0]) == identifier.key else {
            throw CheckpointError.malformed(detail: "its storage's list of keys is not the storage's key")
        }
        return (identifier, keys.endOffset)
    }
}
