// SPDX-License-Identifier: Apache-2.0

/// The bytes behind text in which each character stands for one byte.
enum Latin1 {
    /// The bytes behind UTF-8 text of code points below U+0100.
    static func encode(_ text: ByteView) throws -> ByteView {
        try decode(text, skipping: 0, count: count(text))
    }

    /// How many bytes the text stands for.
    ///
    /// - Throws: `CheckpointError.malformed` when a character is not below U+0100
    static func count(_ text: ByteView) throws -> Int {
        try withExtendedLifetime(text.owner) {
            let input = text.bytes
            var index = 0
            var pairs = 0
            while index < input.count {
                // Eight characters below U+0080 at a time.
                while index + 8 <= input.count,
                    input.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                }
                guard index < input.count else { break }
                let byte = input[index]
                if byte < 0x80 {
                    index += 1
                } else {
                    guard isPair(input, index) else { throw malformed }
                    pairs += 1
                    index += 2
                }
            }
            return input.count - pairs
        }
    }

    /// Some of the bytes that the text stands for; the caller has checked that there are as many.
    static func decode(_ text: ByteView, skipping skipped: Int, count: Int) throws -> ByteView {
        try withExtendedLifetime(text.owner) {
            let input = text.bytes
            var read = 0
            for _ in 0..<skipped {
                guard read < input.count else { throw malformed }
                read += input[read] < 0x80 ? 1 : 2
            }
            return try ByteView(capacity: count) { output in
                for index in 0..<count {
                    guard read < input.count else { throw malformed }
                    let byte = input[read]
                    if byte < 0x80 {
                        output[index] = byte
                        read += 1
                    } else {
                        guard isPair(input, read) else { throw malformed }
                        output[index] = byte << 6 | input[read + 1] & 0x3f
                        read += 2
                    }
                }
                return count
            }
        }
    }

    /// U+0080 to U+00FF: 110000xx 10xxxxxx
    @inline(__always)
    private static func isPair(_ input: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        input[index] & 0xfe == 0xc2 && index + 1 < input.count && input[index + 1] & 0xc0 == 0x80
    }

    private static var malformed: CheckpointError {
        .malformed(detail: "bytes written as text hold no Latin-1 character")
    }
}
