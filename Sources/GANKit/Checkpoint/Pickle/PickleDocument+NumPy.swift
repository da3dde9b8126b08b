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

    /// A short list of numbers: a Python list or tuple, or a numpy array of one axis.
    ///
    /// The array is `numpy.core.multiarray._reconstruct(...)` whose state is (version, shape, dtype, is_fortran, bytes).
    func numbers(_ value: PickleValue?) -> [Double]? {
        if let elements = sequence(value), elements.count <= Self.maxNumbers {
            let numbers = elements.compactMap { double($0) }
            return numbers.count == elements.count ? numbers : nil
        }
        guard let array = node(value), array.kind == .object(.numpyArray),
            let state = sequence(array.state), state.count == 5,
            let shape = sequence(state[1]), shape.count == 1, let count = integer(shape[0]),
            (0...Self.maxNumbers).contains(count), let type = elementType(state[2])
        else { return nil }
        return numbers(state[4], of: type, count: count)
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
