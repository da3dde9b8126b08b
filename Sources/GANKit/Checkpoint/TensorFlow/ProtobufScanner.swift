// SPDX-License-Identifier: Apache-2.0

/// Walks the fields of a Protocol Buffers message (https://protobuf.dev/programming-guides/encoding/).
struct ProtobufScanner {
    /// A field's value.
    enum Value {
        case number(UInt64)
        case bytes(Range<Int>)
    }

    private let source: ByteView
    private var position: Int
    private let end: Int

    init(_ source: ByteView, _ range: Range<Int>) {
        self.source = source
        position = range.lowerBound
        end = range.upperBound
    }

    /// The next field and its number, or nil at the end.
    mutating func next() throws -> (field: Int, value: Value)? {
        guard position < end else { return nil }
        let key = try Varint.take(source, at: &position, end: end)
        let field = Int(truncatingIfNeeded: key >> 3)
        switch key & 7 {
        case 0: return (field, .number(try Varint.take(source, at: &position, end: end)))
        case 1: return (field, .number(source.littleEndian(UInt64.self, at: try take(8).lowerBound)))
        case 2:
            let length = try Varint.take(source, at: &position, end: end)
            return (field, .bytes(try take(Int(exactly: length) ?? .max)))
        case 5: return (field, .number(UInt64(source.littleEndian(UInt32.self, at: try take(4).lowerBound))))
        case let type: throw CheckpointError.malformed(detail: "a field of the unknown wire type \(type)")
        }
    }

    private mutating func take(_ count: Int) throws -> Range<Int> {
        guard count <= end - position else {
            throw CheckpointError.malformed(detail: "a field of \(count) bytes, \(end - position) are left")
        }
        defer { position += count }
        return position..<position + count
    }
}

/// Integers of seven bits a byte, the lowest first.
enum Varint {
    static func take(_ source: ByteView, at position: inout Int, end: Int) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw CheckpointError.malformed(detail: "an integer is cut short") }
            let byte = UInt64(source.bytes[position])
            position += 1
            guard shift < 63 || byte <= 1 else { break }
            value |= (byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw CheckpointError.malformed(detail: "an integer has more than 64 bits")
    }
}
