// SPDX-License-Identifier: Apache-2.0

/// The memory behind one or more tensors, as `torch.save` wrote it before PyTorch 1.6 and as storages inside of other
/// pickles are written to this day: five pickles (magic number, protocol version, system information, the storage as
/// a persistent ID, the list of storage keys), an int64 element count, the elements.
///
/// Only the head is read here. The elements stay in the file until `elements(_:)`.
struct TorchStorage: Sendable {
    let elementType: ElementType
    let elementCount: Int
    private let origin: Origin
    /// Where the elements begin in the bytes of the origin.
    private let dataOffset: Int

    /// What the stream is a part of.
    private enum Origin {
        case bytes(ByteView)
        /// Text that stands for bytes: decoded when needed, so that no copy of the elements stays around.
        case latin1(ByteView)

        func decoded() throws -> ByteView {
            switch self {
            case .bytes(let bytes): bytes
            case .latin1(let text): try Latin1.encode(text)
            }
        }
    }

    /// 0x1950a86a20f9469cfc6c, little-endian: the magic number of `torch.save`.
    static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]
    private static let protocolVersion = 1001

    /// Reads the head of the argument of `torch.storage._load_from_bytes`.
    init(_ value: PickleValue?, in document: PickleDocument) throws {
        switch value {
        case .bytes(let range)?:
            // Not a slice, so that offsets in messages are those of the file.
            try self.init(.bytes(document.source), range)
        case .latin1(let range)?:
            try self.init(.latin1(document.source.slice(range)), nil)
        default:
            throw CheckpointError.malformed(detail: "its storage is not bytes")
        }
    }

    private init(_ origin: Origin, _ range: Range<Int>?) throws {
        self.origin = origin
        let bytes = try origin.decoded()
        let end = range?.upperBound ?? bytes.count

        let magic = try PickleMachine.run(bytes, in: (range?.lowerBound ?? 0)..<end)
        guard case .bigInteger(let range) = magic.root, bytes.bytes[range].elementsEqual(Self.magic) else {
            throw CheckpointError.malformed(detail: "its storage does not begin with the number of torch.save")
        }
        let version = try PickleMachine.run(bytes, in: magic.endOffset..<end)
        guard version.root == .int(Self.protocolVersion) else {
            throw CheckpointError.malformed(detail: "its storage is not of torch.save protocol \(Self.protocolVersion)")
        }
        let system = try PickleMachine.run(bytes, in: version.endOffset..<end)
        guard system.value(system.root, forKey: "little_endian") == .bool(true) else {
            throw CheckpointError.unsupported(detail: "its storage is not in little-endian order")
        }
        let storage = try PickleMachine.run(bytes, in: system.endOffset..<end, allowsPersistentIDs: true)
        let identifier = try Identifier(storage)
        let keys = try PickleMachine.run(bytes, in: storage.endOffset..<end)
        guard let list = keys.sequence(keys.root), list.count == 1, keys.string(list[0]) == identifier.key else {
            throw CheckpointError.malformed(detail: "its storage's list of keys is not the storage's key")
        }

        elementType = identifier.elementType
        elementCount = identifier.elementCount
        let left = end - keys.endOffset
        guard left >= 8 else {
            throw CheckpointError.malformed(detail: "its storage ends before the element count")
        }
        dataOffset = keys.endOffset + 8
        let stored = bytes.littleEndian(Int64.self, at: keys.endOffset)
        guard stored == elementCount else {
            throw CheckpointError.malformed(detail: "its storage holds \(stored) elements, \(elementCount) announced")
        }
        let (size, overflow) = elementCount.multipliedReportingOverflow(by: elementType.byteCount)
        guard !overflow, size == left - 8 else {
            throw CheckpointError.malformed(
                detail: "its storage of \(elementCount) \(elementType.name) elements has \(left - 8) bytes")
        }
    }

    /// The bytes of some elements. The caller has checked `range` against `elementCount`.
    func elements(_ range: Range<Int>) throws -> ByteView {
        let size = elementType.byteCount
        return try origin.decoded().slice(dataOffset + range.lowerBound * size..<dataOffset + range.upperBound * size)
    }
}

/// The persistent ID of a storage: ('storage', torch.FloatStorage, key, location, element count, view). The location
/// ("cpu", "cuda:0") does not matter here.
private struct Identifier {
    let elementType: ElementType
    let key: String
    let elementCount: Int

    init(_ document: PickleDocument) throws {
        guard let node = document.node(document.root), node.kind == .persistentID,
            let fields = document.sequence(node.elements.first), fields.count >= 5,
            document.isText(fields[0], "storage"),
            case .global(.torchStorageType(let type)) = fields[1],
            let key = document.string(fields[2]),
            let count = document.integer(fields[4]), count >= 0
        else {
            throw CheckpointError.malformed(detail: "its storage has no valid persistent ID")
        }
        guard fields.count == 5 || fields[5] == .none else {
            throw CheckpointError.unsupported(detail: "its storage is a view of another storage")
        }
        elementType = type
        self.key = key
        elementCount = count
    }
}
