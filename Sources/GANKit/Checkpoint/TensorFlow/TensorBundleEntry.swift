// SPDX-License-Identifier: Apache-2.0

/// Where the elements of a variable lie: `BundleEntryProto` with dtype = 1, shape = 2, shard_id = 3, offset = 4, size = 5,
/// crc32c = 6 and slices = 7.
struct TensorBundleEntry {
    /// nil for a type that no network here computes with, such as text.
    private(set) var elementType: ElementType?
    private(set) var shape: [Int] = []
    private(set) var shard = 0
    /// Whether the elements are spread over entries of their own.
    private(set) var isSliced = false
    private var offset: UInt64 = 0
    private var size: UInt64 = 0
    private var checksum: UInt32 = 0

    init(_ index: ByteView, _ range: Range<Int>) throws {
        var scanner = ProtobufScanner(index, range)
        while let (field, value) = try scanner.next() {
            switch (field, value) {
            case (1, .number(let number)): elementType = Self.elementTypes[number]
            case (2, .bytes(let bytes)): shape = try Self.shape(index, bytes)
            case (3, .number(let number)): shard = Int(exactly: number) ?? -1
            case (4, .number(let number)): offset = number
            case (5, .number(let number)): size = number
            case (6, .number(let number)): checksum = UInt32(truncatingIfNeeded: number)
            case (7, _): isSliced = true
            default: break
            }
        }
    }

    /// The variable, whose elements lie in `data`.
    func tensor(of type: ElementType, in data: ByteView) throws -> StridedTensor {
        guard let start = Int(exactly: offset), let count = Int(exactly: size), start <= data.count,
            count <= data.count - start
        else {
            throw CheckpointError.malformed(
                detail: "offset \(offset) + \(size) bytes exceeds the data file's size \(data.count)")
        }
        let elementCount = CheckedInteger(of: shape).value
        let (expected, overflow) = (elementCount ?? .max).multipliedReportingOverflow(by: type.byteCount)
        guard let elementCount, !overflow, expected == count else {
            throw CheckpointError.malformed(detail: "shape \(shape) of \(type.rawValue) elements has \(count) bytes")
        }
        let storage = ElementStorage(
            elementType: type, elementCount: elementCount, bytes: .plain(data.slice(start..<start + count)),
            dataOffset: 0)
        return try StridedTensor(contiguous: storage, shape: shape)
    }

    /// The same under its name. The CRC-32C of the elements is checked when they are read.
    func source(_ name: String, _ tensor: StridedTensor) -> TensorSource {
        let checksum = checksum
        return TensorSource(name: name, shape: shape) {
            let bytes = try tensor.storage.elements(0..<tensor.storage.elementCount)
            guard withExtendedLifetime(bytes.owner, { CRC32C.masked(bytes.bytes) }) == checksum else {
                throw CheckpointError.malformed(detail: "the elements do not match their checksum")
            }
            return try tensor.materialize()
        }
    }

    /// `TensorShapeProto`: dim = 2, each with size = 1; unknown_rank = 3.
    private static func shape(_ index: ByteView, _ range: Range<Int>) throws -> [Int] {
        var scanner = ProtobufScanner(index, range)
        var shape: [Int] = []
        while let (field, value) = try scanner.next() {
            guard field == 2, case .bytes(let bytes) = value else { continue }
            var length: UInt64 = 0
            var dimension = ProtobufScanner(index, bytes)
            while let (field, value) = try dimension.next() {
                if field == 1, case .number(let number) = value { length = number }
            }
            guard let known = Int(exactly: length), shape.count < StridedTensor.maxRank else {
                throw CheckpointError.malformed(
                    detail: "an axis of \(length) elements, or more than \(StridedTensor.maxRank) axes")
            }
            shape.append(known)
        }
        return shape
    }

    /// By `DataType` of tensorflow/core/framework/types.proto.
    private static let elementTypes: [UInt64: ElementType] = [
        1: .float32, 2: .float64, 3: .int32, 4: .uint8, 5: .int16, 6: .int8, 8: .complex64, 9: .int64, 10: .bool,
        14: .bfloat16, 17: .uint16, 19: .float16, 22: .uint32, 23: .uint64,
    ]
}
