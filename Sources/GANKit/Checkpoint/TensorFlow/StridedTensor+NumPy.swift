// SPDX-License-Identifier: Apache-2.0

extension StridedTensor {
    /// Reads a pickled `numpy.ndarray`, or a numpy number as an array without axes.
    ///
    /// - Parameter texts: elements written as text that were read before
    init(
        numpy value: PickleValue, in document: PickleDocument, texts: inout [Range<Int>: Latin1Text]
    ) throws {
        if let arguments = document.arguments(value, of: .numpyScalar), arguments.count == 2 {
            let storage = try Self.storage(
                count: 1, type: arguments[0], bytes: arguments[1], in: document, texts: &texts)
            try self.init(contiguous: storage, shape: [])
            return
        }
        guard let array = document.numpyArray(value) else {
            throw CheckpointError.malformed(detail: "not a NumPy array")
        }
        guard let shape = Self.lengths(array.shape, in: document), shape.allSatisfy({ $0 >= 0 }),
            let count = CheckedInteger(of: shape).value
        else {
            throw CheckpointError.malformed(detail: "no valid shape")
        }
        let storage = try Self.storage(
            count: count, type: array.elementType, bytes: array.bytes, in: document, texts: &texts)
        guard array.isFortran else {
            try self.init(contiguous: storage, shape: shape)
            return
        }
        try self.init(fortran: storage, shape: shape)
    }

    private static func storage(
        count: Int, type: PickleValue, bytes: PickleValue, in document: PickleDocument,
        texts: inout [Range<Int>: Latin1Text]
    ) throws -> ElementStorage {
        let type = try elementType(type, in: document)
        let held: ElementBytes
        let heldCount: Int
        switch bytes {
        case .bytes(let range):
            held = .plain(document.source.slice(range))
            heldCount = range.count
        case .latin1(let range), .string(let range):
            // Text is what Python 2 and protocol 2 write for bytes.
            let text = try texts[range] ?? Latin1Text(document.source.slice(range))
            texts[range] = text
            held = .text(text)
            heldCount = text.count
        default:
            throw CheckpointError.malformed(detail: "its elements are no bytes")
        }
        let (size, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
        guard !overflow, size == heldCount else {
            throw CheckpointError.malformed(detail: "\(count) \(type.rawValue) elements have \(heldCount) bytes")
        }
        return ElementStorage(elementType: type, elementCount: count, bytes: held, dataOffset: 0)
    }

    /// `numpy.dtype('f4', ...)` with the state (3, '<', ...).
    private static func elementType(_ value: PickleValue, in document: PickleDocument) throws -> ElementType {
        guard let arguments = document.arguments(value, of: .numpyDType), let code = document.string(arguments.first)
        else {
            throw CheckpointError.malformed(detail: "its element type is no dtype")
        }
        let order = document.sequence(document.node(value)?.state).flatMap {
            $0.count > 1 ? document.string($0[1]) : nil
        }
        guard order != ">" else {
            throw CheckpointError.unsupported(detail: "elements in big-endian order")
        }
        guard let type = elementTypes[code] else {
            throw CheckpointError.unsupported(detail: "elements of NumPy's type \(code.quoted)")
        }
        return type
    }

    private static let elementTypes: [String: ElementType] = [
        "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
        "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64, "b1": .bool,
    ]
}
