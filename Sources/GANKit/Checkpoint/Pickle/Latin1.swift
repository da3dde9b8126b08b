// SPDX-License-Identifier: Apache-2.0

/// The bytes behind text in which each character stands for one byte.
enum Latin1 {
    /// Encodes UTF-8 text of code points below U+0100 into one byte each; never longer than the text.
    static func encode(_ text: ByteView) throws -> ByteView {
        try withExtendedLifetime(text.owner) {
            try ByteView(capacity: text.count) { output in
                let input = text.bytes
                var read = 0
                var written = 0
                while read < input.count {
                    let byte = input[read]
                    read += 1
                    if byte < 0x80 {
                        output[written] = byte
                    } else {
                        // U+0080 to U+00FF: 110000xx 10xxxxxx
                        guard byte & 0xfe == 0xc2, read < input.count, input[read] & 0xc0 == 0x80 else {
                            throw CheckpointError.malformed(detail: "bytes written as text hold no Latin-1 character")
                        }
                        output[written] = byte << 6 | input[read] & 0x3f
                        read += 1
                    }
                    written += 1
                }
                return written
            }
        }
    }
}
