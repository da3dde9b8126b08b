// SPDX-License-Identifier: Apache-2.0

import CWebP
import Testing

@testable import GANKit

struct WebPEncoderTests {
    @Test(arguments: [(1, 1), (7, 3), (64, 64), (100, 37)])
    func decodesToNearlyTheSamePixels(width: Int, height: Int) throws {
        let image = RGBImage.smooth(width: width, height: height)
        let decoded = try Self.decode(WebPEncoder(quality: .fine).encode(image))
        #expect(decoded.width == width && decoded.height == height)
        #expect(image.meanDifference(from: decoded) < 4)
    }

    @Test func higherQualityIsCloserAndLarger() throws {
        let image = RGBImage.smooth(width: 128, height: 128)
        let qualities = try [1, 60, 85, 95].map { try #require(ImageQuality($0)) }
        let files = try qualities.map { try WebPEncoder(quality: $0).encode(image) }
        let distances = try files.map { image.meanDifference(from: try Self.decode($0)) }
        for (lower, higher) in zip(files.indices, files.indices.dropFirst()) {
            #expect(files[lower].count < files[higher].count)
            #expect(distances[lower] > distances[higher])
        }
    }

    @Test func bytesAreThoseOfTheFirstTime() throws {
        let image = RGBImage.smooth(width: 200, height: 120)
        #expect(try WebPEncoder().encode(image) == WebPEncoder().encode(image))
    }

    @Test func imageBeyondTheFormatIsRefused() {
        let image = RGBImage(width: 16_384, height: 1, pixels: [UInt8](repeating: 0, count: 16_384 * 3))
        let error = #expect(throws: ImageEncodingError.self) { try WebPEncoder().encode(image) }
        #expect(error?.description == "cannot encode WebP: 16384x1 is not 1 to 16383 pixels wide and high")
    }

    /// Reads a WebP back with libwebp.
    static func decode(_ bytes: [UInt8]) throws -> RGBImage {
        var (width, height): (Int32, Int32) = (0, 0)
        let pixels = try #require(WebPDecodeRGB(bytes, bytes.count, &width, &height))
        defer { WebPFree(pixels) }
        let count = Int(width * height) * 3
        return RGBImage(
            width: Int(width), height: Int(height), pixels: Array(UnsafeBufferPointer(start: pixels, count: count)))
    }
}
