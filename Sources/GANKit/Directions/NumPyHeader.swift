// SPDX-License-Identifier: Apache-2.0

/// What the header of a `.npy` file says: a Python dictionary such as
/// `{'descr': '<f4', 'fortran_order': False, 'shape': (1, 512), }`.
struct NumPyHeader: Equatable {
    let elementType: ElementType
    let isFortranOrder: Bool
    let shape: [Int]

    private static let elementTypes: [String: ElementType] = [
        "<f2": .float16, "<f4": .float32, "<f8": .float64,
    ]

    /// - Throws: `CheckpointError`
    init(_ text: ByteView) throws {
        var scanner = Scanner(Array(text.bytes))
        var type: String?
        var order: Bool?
        var lengths: [Int]?
        try scanner.expect("{")
        while !scanner.takes("}") {
            let key = try scanner.string()
            try scanner.expect(":")
            switch key {
            case "descr": type = try scanner.string()
            case "fortran_order": order = try scanner.bool()
            case "shape": lengths = try scanner.lengths()
            default: throw scanner.malformed("key \(key.quoted) is none of 'descr', 'fortran_order', 'shape'")
            }
            if !scanner.takes(",") {
                try scanner.expect("}")
                break
            }
        }
        guard scanner.isAtEnd, let type, let order, let lengths else {
            throw scanner.malformed("'descr', 'fortran_order' and 'shape' are needed, and nothing after")
        }
        guard let elementType = Self.elementTypes[type] else {
            throw CheckpointError.unsupported(
                detail: "elements of NumPy's type \(type.quoted), only little-endian floats: '<f2', '<f4', '<f8'")
        }
        self.elementType = elementType
        isFortranOrder = order
        shape = lengths
    }

    /// Reads the few forms of Python literals that NumPy writes.
    private struct Scanner {
        private let text: [UInt8]
        private var place = 0

        init(_ text: [UInt8]) {
            self.text = text
        }

        /// Whether nothing but blanks follows.
        var isAtEnd: Bool {
            text[place...].allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
        }

        func malformed(_ detail: String) -> CheckpointError {
            .malformed(detail: "header of the .npy file: \(detail)")
        }

        /// Skips blanks, then `word` if it comes.
        mutating func takes(_ word: String) -> Bool {
            while place < text.count, text[place] == UInt8(ascii: " ") { place += 1 }
            guard text[place...].starts(with: word.utf8) else { return false }
            place += word.utf8.count
            return true
        }

        mutating func expect(_ word: String) throws {
            guard takes(word) else { throw malformed("\(word.quoted) is missing at byte \(place)") }
        }

        mutating func string() throws -> String {
            let quote = takes("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
            if quote == UInt8(ascii: "\"") { try expect("\"") }
            guard let end = text[place...].firstIndex(of: quote) else { throw malformed("a text has no end") }
            defer { place = end + 1 }
            return String(decoding: text[place..<end], as: UTF8.self)
        }

        mutating func bool() throws -> Bool {
            if takes("True") { return true }
            try expect("False")
            return false
        }

        /// A tuple of lengths: `()`, `(3,)`, `(1, 512)`.
        mutating func lengths() throws -> [Int] {
            try expect("(")
            var lengths: [Int] = []
            while !takes(")") {
                _ = takes(" ")
                let digits = text[place...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                guard let length = Int(String(decoding: digits, as: UTF8.self)), lengths.count < StridedTensor.maxRank
                else {
                    throw malformed("no length at byte \(place)")
                }
                lengths.append(length)
                place += digits.count
                // Python 2 writes long integers with an L.
                _ = takes("L")
                if !takes(",") {
                    try expect(")")
                    break
                }
            }
            return lengths
        }
    }
}
