// SPDX-License-Identifier: Apache-2.0

/// The tokens of JSON (RFC 8259) that a safetensors header consists of: structure, strings, unsigned integers. The
/// caller knows which token must come next, so nesting never exceeds what the caller's own code nests.
struct JSONScanner {
    private let source: ByteView
    private(set) var position: Int

    init(_ source: ByteView, from position: Int) {
        self.source = source
        self.position = position
    }

    /// Whether only white space is left.
    mutating func isAtEnd() -> Bool {
        skipWhitespace()
        return position == source.count
    }

    /// Takes `character` if it comes next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard position < source.count, source.bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Takes `character`, which must come next.
    mutating func expect(_ character: Unicode.Scalar) throws {
        guard skip(character) else {
            throw malformed("'\(character)' expected")
        }
    }

    /// Calls `member` at the value of each member of an object; `member` takes the value. Keys must not repeat.
    mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
        try expect("{")
        if skip("}") { return }
        var keys: Set<String> = []
        repeat {
            let key = try string()
            guard keys.insert(key).inserted else {
                throw malformed("key \(key.quoted) occurs twice in one object")
            }
            try expect(":")
            try member(&self, key)
        } while skip(",")
        try expect("}")
    }

    /// An array of unsigned integers.
    mutating func unsignedIntegers(limit: Int) throws -> [Int] {
        try expect("[")
        if skip("]") { return [] }
        var numbers: [Int] = []
        repeat {
            guard numbers.count < limit else {
                throw malformed("more than \(limit) numbers in an array")
            }
            numbers.append(try unsignedInteger())
        } while skip(",")
        try expect("]")
        return numbers
    }

    /// An integer from 0 to `Int.max` without fraction or exponent.
    mutating func unsignedInteger() throws -> Int {
        skipWhitespace()
        let start = position
        var number = CheckedInteger(0)
        while position < source.count, case let digit = source.bytes[position], (0x30...0x39).contains(digit) {
            number.multiply(by: 10)
            number.add(Int(digit) - 0x30)
            position += 1
        }
        // RFC 8259 section 6: no leading zeros.
        guard let value = number.value, position > start, position == start + 1 || source.bytes[start] != 0x30 else {
            throw malformed("an integer from 0 to \(Int.max) expected", at: start)
        }
        return value
    }

    /// A string, its escapes replaced.
    mutating func string() throws -> String {
        try expect("\"")
        let start = position
        var text: [UInt8] = []
        while position < source.count {
            let byte = source.bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw malformed("a string is not UTF-8", at: start)
                }
                return string
            case UInt8(ascii: "\\"):
                try text.append(contentsOf: String(escape()).utf8)
            case 0..<0x20:
                throw malformed("a control character in a string", at: position - 1)
            default:
                text.append(byte)
            }
        }
        throw malformed("a string does not end", at: start)
    }

    /// What follows a backslash.
    private mutating func escape() throws -> Unicode.Scalar {
        guard position < source.count else {
            throw malformed("a string does not end")
        }
        let byte = source.bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try hexadecimalUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // RFC 8259 section 7: characters beyond U+FFFF are surrogate pairs.
            if UTF16.isLeadSurrogate(UInt16(unit)), source.count - position >= 2,
                source.bytes[position] == UInt8(ascii: "\\"), source.bytes[position + 1] == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimalUnit()
                if UTF16.isTrailSurrogate(UInt16(low)),
                    let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
                {
                    return scalar
                }
            }
            throw malformed("half a surrogate pair in a string")
        default:
            throw malformed("an unknown escape in a string", at: position - 1)
        }
    }

    /// The four digits of a \u escape.
    private mutating func hexadecimalUnit() throws -> UInt32 {
        guard source.count - position >= 4 else {
            throw malformed("a string does not end")
        }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(source.bytes[position])).hexDigitValue else {
                throw malformed("four hexadecimal digits expected")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }

    private mutating func skipWhitespace() {
        while position < source.count, [0x20, 0x0a, 0x0d, 0x09].contains(source.bytes[position]) {
            position += 1
        }
    }

    /// An error that says where.
    func malformed(_ detail: String, at offset: Int? = nil) -> CheckpointError {
        .malformed(detail: "header: \(detail) at byte \(offset ?? position)")
    }
}
