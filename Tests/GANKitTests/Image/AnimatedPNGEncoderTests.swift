// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct AnimatedPNGEncoderTests {
    static let frames = (0..<4).map { RGBImage.smooth(width: 40, height: 23, phase: Double($0)) }

    static func encode(_ frames: [RGBImage], threads: Int = 1, fps: Int = 24, loops: Int = 3) throws -> [UInt8] {
        let timing = try #require(AnimationTiming(framesPerSecond: fps, loops: loops))
        var encoder = try AnimatedPNGEncoder(
            width: frames[0].width, height: frames[0].height, frames: frames.count, timing: timing,
            text: [("Seeds", "1-2")])
        let parts = try frames.map { try encoder.append($0, threads: threads) }
        return try parts.flatMap { $0 } + encoder.finish()
    }

    @Test func firstFrameIsWhatAPNGDecoderShows() throws {
        #expect(try PNGEncoderTests.decode(Self.encode(Self.frames)) == Self.frames[0])
    }

    /// Each frame's chunks are put together as a PNG of its own, and libpng, which checks every CRC, reads them.
    @Test(arguments: [1, 2])
    func everyFrameDecodesToItsPixels(threads: Int) throws {
        let bytes = try Self.encode(Self.frames, threads: threads)
        let chunks = PNGEncoderTests.chunks(bytes)
        let header = try #require(chunks.first { $0.type == "IHDR" })
        let data = chunks.compactMap { chunk in
            switch chunk.type {
            case "IDAT": chunk.data
            case "fdAT": Array(chunk.data.dropFirst(4))
            default: nil
            }
        }
        #expect(data.count == Self.frames.count)
        for (data, frame) in zip(data, Self.frames) {
            let png =
                PNGChunk.signature + PNGChunk.encode("IHDR", header.data) + PNGChunk.encode("IDAT", data)
                + PNGChunk.encode("IEND")
            #expect(try PNGEncoderTests.decode(png) == frame)
        }
    }

    @Test func chunksStandInTheOrderOfTheSpecification() throws {
        let chunks = PNGEncoderTests.chunks(try Self.encode(Self.frames))
        #expect(
            chunks.map(\.type) == [
                "IHDR", "sRGB", "acTL", "tEXt", "fcTL", "IDAT", "fcTL", "fdAT", "fcTL", "fdAT", "fcTL", "fdAT", "IEND",
            ])
        // 4 frames, 3 loops.
        #expect(chunks.first { $0.type == "acTL" }?.data == [0, 0, 0, 4, 0, 0, 0, 3])
        #expect(chunks.first { $0.type == "tEXt" }?.data == Array("Seeds\0".utf8) + Array("1-2".utf8))
        let numbered = chunks.filter { ["fcTL", "fdAT"].contains($0.type) }
        #expect(numbered.map { Array($0.data.prefix(4)) } == (0..<7).map { [0, 0, 0, UInt8($0)] })
        for control in chunks where control.type == "fcTL" {
            // 40x23 pixels at (0, 0), for 1/24 second, neither disposed of nor blended.
            #expect(
                control.data.dropFirst(4) == [0, 0, 0, 40, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 24, 0, 0])
        }
    }

    @Test func aFrameOfAnotherSizeIsRefused() throws {
        let timing = try #require(AnimationTiming(framesPerSecond: 10))
        var encoder = try AnimatedPNGEncoder(width: 4, height: 4, frames: 2, timing: timing)
        let error = #expect(throws: ImageEncodingError.self) {
            try encoder.append(.smooth(width: 4, height: 5))
        }
        #expect(error?.description == "cannot encode APNG: a frame of 4x5 pixels in an animation of 4x4")
    }

    @Test func theNumberOfFramesIsKept() throws {
        let timing = try #require(AnimationTiming(framesPerSecond: 10))
        var encoder = try AnimatedPNGEncoder(width: 4, height: 4, frames: 1, timing: timing)
        #expect(throws: ImageEncodingError.self, "no frame yet") { try encoder.finish() }
        _ = try encoder.append(.smooth(width: 4, height: 4))
        #expect(throws: ImageEncodingError.self, "one too many") { try encoder.append(.smooth(width: 4, height: 4)) }
        #expect(try encoder.finish().count == 12)
    }

    @Test(arguments: [
        (0, 4, 1, "no width"), (4, 1_000_001, 1, "too high"), (4, 4, 0, "no frames"), (4, 4, 65_536, "too many frames"),
    ])
    func animationsOutOfBoundsAreRefused(width: Int, height: Int, frames: Int, reason: String) throws {
        let timing = try #require(AnimationTiming(framesPerSecond: 10))
        #expect(throws: ImageEncodingError.self, "\(reason)") {
            try AnimatedPNGEncoder(width: width, height: height, frames: frames, timing: timing)
        }
    }
}
