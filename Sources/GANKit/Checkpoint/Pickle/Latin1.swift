// SPDX-License-Identifier: Apache-2.0

/// The bytes behind text in which each character stands for one byte. Weights are half of them pairs of UTF-8, in no order,
/// so that the loops here must not branch by them.
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
            // U+0080 to U+00FF are 1100001x 10xxxxxx. In each word a byte's findings are in its highest bit.
            var pairs = 0
            var leads: UInt64 = 0
            var wrong: UInt64 = 0
            func add(_ word: UInt64) {
                let isPart = word & 0x8080_8080_8080_8080
                let continuations = isPart & ~(word << 1)
                let carried = leads >> 56
                leads = isPart & (word << 1)
                let isOther = ((word ^ 0xc2c2_c2c2_c2c2_c2c2) & 0x3e3e_3e3e_3e3e_3e3e) &+ 0x7f7f_7f7f_7f7f_7f7f
                wrong |= leads & isOther
                wrong |= continuations ^ (leads << 8 | carried)
                pairs += continuations.nonzeroBitCount
            }
            let whole = input.count / 8 * 8
            for offset in stride(from: 0, to: whole, by: 8) {
                add(UInt64(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            }
            // At least one byte stays zero, which no lead may come before.
            var last: UInt64 = 0
            for offset in (whole..<input.count).reversed() {
                last = last << 8 | UInt64(input[offset])
            }
            add(last)
            guard wrong == 0 else { throw malformed }
            return input.count - pairs
        }
    }

    /// Some of the bytes that the text stands for. The caller has had them counted, which checks the text too.
    static func decode(_ text: ByteView, skipping skipped: Int, count: Int) throws -> ByteView {
        try withExtendedLifetime(text.owner) {
            let input = text.bytes
            var read = 0
            for _ in 0..<skipped {
                guard read < input.count else { throw malformed }
                read += 1 + Int(input[read] >> 7)
            }
            return try ByteView(capacity: count) { output in
                for index in 0..<count {
                    // Checked again, as the file may have changed since.
                    guard read < input.count else { throw malformed }
                    let byte = input[read]
                    let isPair = byte >> 7
                    read += Int(isPair)
                    guard read < input.count else { throw malformed }
                    let last = input[read]
                    read += 1
                    // Of a single byte `last` is the byte itself; a lead gives bits 6 and 7.
                    output[index] = (last & (0x7f >> isPair)) | (byte << 6) & (0 &- isPair)
                }
                return count
            }
        }
    }

    private static var malformed: CheckpointError {
        .malformed(detail: "bytes written as text hold no Latin-1 character")
    }
}
