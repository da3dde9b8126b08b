// SPDX-License-Identifier: Apache-2.0

import CPNG
import TestSupport
import Testing

@testable import GANKit

struct PNGEncoderTests {
    static func image(width: Int, height: Int) -> RGBImage {
        var random = RandomFloats(seed: 1)
        return RGBImage(
            width: width, height: height,
            pixels: random.next(width * height * 3).map { UInt8(($0 + 1) * 127) })
    }

    /// 512x400 has more than one strip of rows.
    @Test(arguments: [(1, 1), (2, 5), (7, 3), (11, 4), (64, 64), (256, 100), (512, 400)])
    func decodesToTheSamePixels(width: Int, height: Int) throws {
        let image = Self.image(width: width, height: height)
        let bytes = try PNGEncoder().encode(image)
        #expect(try Self.decode(bytes) == image)
    }

    @Test func textChunksStandBeforeTheImageInOrder() throws {
        let bytes = try PNGEncoder().encode(
            Self.image(width: 2, height: 2), text: [("Seed", "42"), ("Comment", "na\u{ef}ve"), ("Empty", "")])
        let chunks = Self.chunks(bytes)
        let texts = chunks.filter { $0.type == "tEXt" }.map(\.data)
        #expect(
            texts == [
                Array("Seed\0".utf8) + Array("42".utf8), Array("Comment\0na".utf8) + [0xef] + Array("ve".utf8),
                Array("Empty\0".utf8),
            ])
        let types = chunks.map(\.type)
        #expect(types.first == "IHDR" && types.last == "IEND")
        #expect(try #require(types.lastIndex(of: "tEXt")) < #require(types.firstIndex(of: "IDAT")))
    }

    @Test func bytesDoNotDependOnThreads() throws {
        let image = Self.image(width: 512, height: 400)
        let alone = try PNGEncoder().encode(image, threads: 1)
        for threads in [2, 4] {
            #expect(try PNGEncoder().encode(image, threads: threads) == alone)
        }
    }

    @Test func filterEqualsItsDefinition() {
        var random = RandomFloats(seed: 5)
        let rows = random.next(2 * 300).map { UInt8(($0 + 1) * 127.5) }
        let above = Array(rows[..<300])
        let row = Array(rows[300...])
        var filtered = [UInt8](repeating: 0, count: 300)
        PNGFilter.apply(row: row, above: above, count: 300, to: &filtered)
        let expected = (0..<300).map { index in
            let left = index < 3 ? 0 : Int(row[index - 3])
            let upLeft = index < 3 ? 0 : Int(above[index - 3])
            let predictor = PNGFilter.paethPredictor(left: left, up: Int(above[index]), upLeft: upLeft)
            return row[index] &- UInt8(predictor)
        }
        #expect(filtered == expected)
    }

    @Test(arguments: [
        ("", "x", "an empty keyword"), (String(repeating: "k", count: 80), "x", "a keyword of 80 characters"),
        ("Name", "\u{1f600}", "a character outside Latin-1"), ("Name", "a\0b", "a zero byte"),
    ])
    func unwritableTextIsRefused(keyword: String, text: String, reason: String) {
        #expect(throws: ImageEncodingError.self, "\(reason)") {
            try PNGEncoder().encode(Self.image(width: 1, height: 1), text: [(keyword, text)])
        }
    }

    @Test func imageBeyondLibpngsLimitIsAnErrorNotACrash() {
        // libpng accepts widths up to 1,000,000 pixels (PNG_USER_WIDTH_MAX).
        let image = RGBImage(width: 1_000_001, height: 1, pixels: [UInt8](repeating: 0, count: 3_000_003))
        #expect(throws: ImageEncodingError.self) { try PNGEncoder().encode(image) }
    }

    /// Reads a PNG back with libpng's simplified interface.
    static func decode(_ bytes: [UInt8]) throws -> RGBImage {
        var png = png_image()
        png.version = UInt32(PNG_IMAGE_VERSION)
        defer { png_image_free(&png) }
        try #require(png_image_begin_read_from_memory(&png, bytes, bytes.count) != 0)
        png.format = UInt32(PNG_FORMAT_FLAG_COLOR)
        var pixels = [UInt8](repeating: 0, count: Int(png.width * png.height) * 3)
        try #require(png_image_finish_read(&png, nil, &pixels, 0, nil) != 0)
        return RGBImage(width: Int(png.width), height: Int(png.height), pixels: pixels)
    }

    static func chunks(_ bytes: [UInt8]) -> [(type: String, data: [UInt8])] {
        var chunks: [(String, [UInt8])] = []
        var offset = 8
        while offset + 12 <= bytes.count {
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            let type = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
            chunks.append((type, Array(bytes[offset + 8..<offset + 8 + length])))
            offset += 12 + length
        }
        return chunks
    }
}
