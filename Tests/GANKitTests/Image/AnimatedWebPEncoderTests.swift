// SPDX-License-Identifier: Apache-2.0

import CWebPDemux
import Testing

@testable import GANKit

struct AnimatedWebPEncoderTests {
    /// What a decoder makes of an animation.
    struct Animation {
        var frames: [RGBImage] = []
        /// When each frame ends, in milliseconds.
        var ends: [Int] = []
        var loops = 0
    }

    static let frames = (0..<4).map { RGBImage.smooth(width: 41, height: 23, phase: Double($0)) }

    static func encode(_ frames: [RGBImage], fps: Int = 24, loops: Int = 3) throws -> [UInt8] {
        let timing = try #require(AnimationTiming(framesPerSecond: fps, loops: loops))
        var encoder = try AnimatedWebPEncoder(
            width: frames[0].width, height: frames[0].height, timing: timing, quality: .fine)
        for frame in frames {
            try encoder.append(frame)
        }
        return try encoder.finish()
    }

    @Test func aDecoderShowsEveryFrameInItsTime() throws {
        let animation = try Self.decode(Self.encode(Self.frames))
        #expect(animation.loops == 3)
        // 1000/24, 2000/24, 3000/24, 4000/24, rounded.
        #expect(animation.ends == [42, 83, 125, 167])
        #expect(animation.frames.count == 4)
        for (decoded, frame) in zip(animation.frames, Self.frames) {
            #expect(decoded.meanDifference(from: frame) < 4)
        }
    }

    /// Frames do not depend on each other: each is the picture that the file of a single one holds.
    @Test func framesAreTheBytesOfSinglePictures() throws {
        let decoded = try Self.decode(Self.encode(Self.frames)).frames
        for (decoded, frame) in zip(decoded, Self.frames) {
            #expect(try decoded == WebPEncoderTests.decode(WebPEncoder(quality: .fine).encode(frame)))
        }
    }

    @Test func aFrameOfAnotherSizeIsRefused() throws {
        let timing = try #require(AnimationTiming(framesPerSecond: 10))
        var encoder = try AnimatedWebPEncoder(width: 4, height: 4, timing: timing)
        #expect(throws: ImageEncodingError.self) { try encoder.append(.smooth(width: 5, height: 4)) }
        #expect(throws: ImageEncodingError.self, "no frame") { try encoder.finish() }
    }

    /// Reads an animation with libwebpdemux.
    static func decode(_ bytes: [UInt8]) throws -> Animation {
        var animation = Animation()
        try bytes.withUnsafeBufferPointer { buffer in
            var data = WebPData(bytes: buffer.baseAddress, size: buffer.count)
            var options = WebPAnimDecoderOptions()
            try #require(WebPAnimDecoderOptionsInit(&options) != 0)
            options.color_mode = MODE_RGBA
            let decoder = try #require(WebPAnimDecoderNew(&data, &options))
            defer { WebPAnimDecoderDelete(decoder) }
            var info = WebPAnimInfo()
            try #require(WebPAnimDecoderGetInfo(decoder, &info) != 0)
            animation.loops = Int(info.loop_count)
            while WebPAnimDecoderHasMoreFrames(decoder) != 0 {
                var pixels: UnsafeMutablePointer<UInt8>?
                var end: Int32 = 0
                try #require(WebPAnimDecoderGetNext(decoder, &pixels, &end) != 0)
                let rgba = UnsafeBufferPointer(start: pixels, count: Int(info.canvas_width * info.canvas_height) * 4)
                animation.frames.append(
                    RGBImage(
                        width: Int(info.canvas_width), height: Int(info.canvas_height),
                        pixels: rgba.enumerated().filter { $0.offset % 4 < 3 }.map(\.element)))
                animation.ends.append(Int(end))
            }
        }
        return animation
    }
}
