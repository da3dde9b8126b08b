// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct PNGDecoderTests {
    private let picture = RGBImage(width: 5, height: 3, pixels: (0..<45).map { UInt8($0 * 5) })

    @Test func encodedPictureComesBack() throws {
        let file = try PNGEncoder().encode(picture, text: [(keyword: "Seed", text: "1")])
        #expect(try PNGDecoder().decode(file, maxPixels: 15) == picture)
    }

    @Test func pictureOfTooManyPixelsIsRefused() throws {
        let file = try PNGEncoder().encode(picture)
        #expect(throws: PNGDecodingError(detail: "5x3 pixels are more than 14")) {
            try PNGDecoder().decode(file, maxPixels: 14)
        }
    }

    @Test func whatIsNoPNGIsRefused() throws {
        let file = try PNGEncoder().encode(picture)
        for (bytes, reason) in [
            ([], "nothing"), (Array("GIF89a".utf8), "another format"), (Array(file.prefix(40)), "cut"),
            (file.map { $0 ^ 1 }, "other bytes"),
        ] as [([UInt8], String)] {
            #expect(throws: PNGDecodingError.self, "\(reason)") { try PNGDecoder().decode(bytes, maxPixels: 15) }
        }
    }
}
