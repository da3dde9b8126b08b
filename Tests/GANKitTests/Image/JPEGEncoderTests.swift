// SPDX-License-Identifier: Apache-2.0

import CJPEG
import Testing

@testable import GANKit

struct JPEGEncoderTests {
    @Test(arguments: [(1, 1), (7, 3), (64, 64), (100, 37)])
    func decodesToNearlyTheSamePixels(width: Int, height: Int) throws {
        let image = RGBImage.smooth(width: width, height: height)
        let decoded = try Self.decode(JPEGEncoder(quality: .fine).encode(image))
        #expect(decoded.width == width && decoded.height == height)
        #expect(image.meanDifference(from: decoded) < 2)
    }

    @Test func higherQualityIsCloserAndLarger() throws {
        let image = RGBImage.smooth(width: 128, height: 128)
        let qualities = try [1, 30, 60, 85, 95, 100].map { try #require(ImageQuality($0)) }
        let files = try qualities.map { try JPEGEncoder(quality: $0).encode(image) }
        let distances = try files.map { image.meanDifference(from: try Self.decode($0)) }
        for (lower, higher) in zip(files.indices, files.indices.dropFirst()) {
            #expect(files[lower].count < files[higher].count)
            #expect(distances[lower] > distances[higher])
        }
    }

    /// The sampling factors of brightness stand in the frame header, 11 bytes after its marker FF C0.
    @Test(arguments: [(89, 0x22 as UInt8, "colour at half the resolution"), (90, 0x11, "colour at the full one")])
    func colourIsSubsampledBelowAQuality(quality: Int, factors: UInt8, reason: String) throws {
        let encoder = JPEGEncoder(quality: try #require(ImageQuality(quality)))
        let bytes = try encoder.encode(RGBImage.smooth(width: 16, height: 16))
        let frame = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xff && bytes[$0 + 1] == 0xc0 })
        #expect(bytes[frame + 11] == factors, "\(reason)")
    }

    @Test func bytesAreThoseOfTheFirstTime() throws {
        let image = RGBImage.smooth(width: 200, height: 120)
        #expect(try JPEGEncoder().encode(image) == JPEGEncoder().encode(image))
    }

    @Test(arguments: [(65_501, 1), (1, 65_501)])
    func imageBeyondTheFormatIsAnErrorNotACrash(width: Int, height: Int) {
        let image = RGBImage(width: width, height: height, pixels: [UInt8](repeating: 0, count: width * height * 3))
        #expect(throws: ImageEncodingError.self) { try JPEGEncoder().encode(image) }
    }

    /// Reads a JPEG back with libjpeg.
    static func decode(_ bytes: [UInt8]) throws -> RGBImage {
        var buffer = cjpeg_buffer()
        var (width, height): (UInt32, UInt32) = (0, 0)
        defer { free(buffer.bytes) }
        cjpeg_read_rgb8(&buffer, bytes, bytes.count, &width, &height)
        try #require(withUnsafeBytes(of: &buffer.message) { $0[0] } == 0)
        return RGBImage(
            width: Int(width), height: Int(height),
            pixels: Array(UnsafeBufferPointer(start: buffer.bytes, count: buffer.count)))
    }
}
