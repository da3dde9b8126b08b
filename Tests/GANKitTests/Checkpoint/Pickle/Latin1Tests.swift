// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct Latin1Tests {
    /// `bytes(...).decode('latin1').encode()` by Swift's own UTF-8.
    private func text(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })).utf8)
    }

    private func content(_ view: ByteView) -> [UInt8] { withExtendedLifetime(view.owner) { Array(view.bytes) } }

    /// Lengths on both sides of a block, and of as many blocks as are counted together.
    @Test(arguments: [0, 1, 2, 31, 32, 33, 34, 65, 100, 255, 256, 8_000, 20_000])
    func everyByteComesBack(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 5) }
        let view = ByteView(copying: text(bytes))
        #expect(try Latin1.count(view) == count)
        #expect(try bytes == content(Latin1.encode(view)))
        for skipped in [0, 1, 17, count / 2] where skipped <= count {
            let rest = try Latin1.decode(view, skipping: skipped, count: (count - skipped) / 2)
            #expect(content(rest) == Array(bytes[skipped..<skipped + (count - skipped) / 2]))
        }
    }

    /// A spoilt character at every place of a text of two blocks and a bit.
    @Test(
        arguments: [
            [0xc4, 0x80],  // U+0100
            [0xc2],  // a lead without the rest
            [0x80],  // a continuation without a lead
            [0xc1, 0x80],  // an overlong form
            [0xe2, 0x82, 0xac],  // three bytes
            [0xff],
        ] as [[UInt8]])
    func everyOtherCharacterIsRefused(character: [UInt8]) {
        for length in [0, 1, 70] {
            for place in 0...length {
                var bytes = [UInt8](repeating: 0x41, count: length)
                bytes.insert(contentsOf: character, at: place)
                #expect(throws: CheckpointError.self, "\(character) at \(place) of \(length)") {
                    try Latin1.count(ByteView(copying: bytes))
                }
            }
        }
    }
}
