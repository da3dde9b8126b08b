// SPDX-License-Identifier: Apache-2.0

extension PickleDocument {
    /// The longest array of numbers that is read.
    private static let maxNumbers = 64

    /// A number that was computed with numpy: `numpy.core.multiarray.scalar(dtype, bytes)`.
    func numpyScalar(_ value: PickleValue?) -> Double? {
        guard let arguments = arguments(value, of: .numpyScalar), arguments.count == 2,
            let type = elementType(arguments[0])
        else { return nil }
        return numbers(arguments[1], of: type, count: 1)?.first
    }

    /// An array of numpy: `numpy.core.multiarray._reconstruct(...)` with the state (version, shape, dtype, is_fortran, bytes)
    /// or, from protocol 5 on where the elements are contiguous, `numpy.core.numeric._frombuffer(bytes, dtype, shape, order)`.
    struct NumPyArray {
        let shape: PickleValue
        let elementType: PickleValue
        /// Whether the first axis varies fastest.
        let isFortran: Bool
        let bytes: PickleValue
    }

    /// nil when the value is none.
    func numpyArray(_ value: PickleValue?) -> NumPyArray? {
        if let arguments = arguments(value, of: .numpyBuffer), arguments.count == 4 {
            return NumPyArray(
                shape: arguments[2], elementType: arguments[1], isFortran: isText(arguments[3], "F"),
                bytes: arguments[0])
        }
        guard let node = node(value), node.kind == .object(.numpyArray), let state = sequence(node.state),
            state.count == 5
        else { return nil }
        return NumPyArray(
            shape: state[1], elementType: state[2], isFortran: state[3] == .bool(true) || state[3] == .int(1),
            bytes: state[4])
    }

    /// A short list of numbers: a Python list or tuple, or a numpy array of one axis.
    func numbers(_ value: PickleValue?) -> [Double]? {
        if let elements = sequence(value), elements.count <= Self.maxNumbers {
            let numbers = elements.compactMap { double($0) }
            return numbers.count == elements.count ? numbers : nil
        }
        guard let array = numpyArray(value), let shape = sequence(array.shape), shape.count == 1,
            let count = integer(shape[0]), (0...Self.maxNumbers).contains(count),
            let type = elementType(array.elementType)
        else { return nil }
        return numbers(array.bytes, of: type, count: count)
    }

    /// The code of a little-endian numpy dtype, or one of single bytes: "f8", "i4", "b1".
    private func elementType(_ value: PickleValue) -> String? {
        guard let arguments = arguments(value, of: .numpyDType), let code = string(arguments.first),
            let state = sequence(node(value)?.state), state.count > 1,
            isText(state[1], "<") || isText(state[1], "|")
        else { return nil }
        return code
    }

    private func numbers(_ value: PickleValue, of type: String, count: Int) -> [Double]? {
        guard let size = type.last?.wholeNumberValue, (1...8).contains(size),
            let bytes = shortBytes(value, limit: count * size), bytes.count == count * size
        else { return nil }
        var numbers: [Double] = []
        for offset in stride(from: 0, to: bytes.count, by: size) {
            switch type {
            case "f8": numbers.append(Double(bitPattern: bytes.littleEndian(UInt64.self, at: offset)))
            case "f4": numbers.append(Double(Float(bitPattern: bytes.littleEndian(UInt32.self, at: offset))))
            case "i8": numbers.append(Double(bytes.littleEndian(Int64.self, at: offset)))
            case "i4": numbers.append(Double(bytes.littleEndian(Int32.self, at: offset)))
            case "b1": numbers.append(Double(bytes.littleEndian(UInt8.self, at: offset)))
            default: return nil
            }
        }
        return numbers
    }

    /// The bytes of a value of at most `limit` bytes.
    private func shortBytes(_ value: PickleValue, limit: Int) -> ByteView? {
        switch value {
        case .bytes(let range) where range.count <= limit: source.slice(range)
        case .latin1(let range) where range.count <= 2 * limit: try? Latin1.encode(source.slice(range))
        default: nil
        }
    }
}
