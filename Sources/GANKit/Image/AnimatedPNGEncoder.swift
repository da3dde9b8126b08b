// SPDX-License-Identifier: Apache-2.0

/// Writes animations as APNG (PNG specification, third edition, sections 4.9 and 11.3.7), frame by frame, so that the
/// beginning can be on its way before the end is computed. The same frames give the same bytes, with the same zlib.
///
/// ```swift
/// var encoder = try AnimatedPNGEncoder(width: 256, height: 256, frames: pictures.count, timing: timing)
/// for picture in pictures { send(try encoder.append(picture)) }
/// send(try encoder.finish())
/// ```
///
/// Each frame is a whole picture: in a morph every pixel changes. A decoder that knows no APNG shows the first.
public struct AnimatedPNGEncoder: Sendable {
    /// What the number of frames may be.
    public static let frameCounts = 1...65_535

    private let width: Int
    private let height: Int
    private let frames: Int
    private let timing: AnimationTiming
    private let texts: [[UInt8]]
    private var encoded = 0
    /// Of the next chunk that belongs to the animation.
    private var sequence: UInt32 = 0

    /// An encoder.
    ///
    /// - Parameters:
    ///   - frames: how many will follow, which the file says at its beginning
    ///   - text: `tEXt` chunks, as `PNGEncoder.encode` takes them
    /// - Throws: `ImageEncodingError`
    public init(
        width: Int, height: Int, frames: Int, timing: AnimationTiming, text: [(keyword: String, text: String)] = []
    ) throws(ImageEncodingError) {
        guard (1...PNGEncoder.largestSide).contains(width), (1...PNGEncoder.largestSide).contains(height) else {
            throw Self.failure("\(width)x\(height) is not 1 to \(PNGEncoder.largestSide) pixels wide and high")
        }
        guard Self.frameCounts.contains(frames) else {
            throw Self.failure("\(frames) frames are not 1 to \(Self.frameCounts.upperBound)")
        }
        var texts: [[UInt8]] = []
        for entry in text {
            let (keyword, text) = try PNGEncoder.latin1(entry)
            texts.append(keyword + [0] + text)
        }
        self.width = width
        self.height = height
        self.frames = frames
        self.timing = timing
        self.texts = texts
    }

    /// The part of the file that the next frame is, at the first with what stands before it.
    ///
    /// - Parameter threads: how many threads compress a large image
    /// - Throws: `ImageEncodingError` when the frame has another size than the animation or is one too many
    public mutating func append(_ image: RGBImage, threads: Int = 1) throws(ImageEncodingError) -> [UInt8] {
        guard image.width == width, image.height == height else {
            throw Self.failure("a frame of \(image.width)x\(image.height) pixels in an animation of \(width)x\(height)")
        }
        guard encoded < frames else {
            throw Self.failure("frame \(encoded + 1) of \(frames)")
        }
        let stream = try PNGRowCompressor(image: image).compress(loop: ParallelLoop(threads: max(1, threads)))
        guard stream.count < Int32.max - 4 else {
            throw Self.failure("a frame of \(stream.count) bytes does not fit into a chunk")
        }
        var bytes = encoded == 0 ? head : []
        bytes += PNGChunk.encode("fcTL", frameControl())
        if encoded == 0 {
            bytes += PNGChunk.encode("IDAT", stream)
        } else {
            bytes += PNGChunk.encode("fdAT", nextSequence() + stream)
        }
        encoded += 1
        return bytes
    }

    /// The end of the file.
    ///
    /// - Throws: `ImageEncodingError` when frames are missing
    public func finish() throws(ImageEncodingError) -> [UInt8] {
        guard encoded == frames else {
            throw Self.failure("\(encoded) frames of \(frames)")
        }
        return PNGChunk.encode("IEND")
    }

    private var head: [UInt8] {
        // 8 bits, RGB, and the only method of compression, filtering, and no interlacing.
        let header = PNGChunk.bigEndian(UInt32(width)) + PNGChunk.bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
        let control = PNGChunk.bigEndian(UInt32(frames)) + PNGChunk.bigEndian(UInt32(timing.loops))
        return PNGChunk.signature + PNGChunk.encode("IHDR", header) + PNGChunk.encode("sRGB", [0])
            + PNGChunk.encode("acTL", control) + texts.flatMap { PNGChunk.encode("tEXt", $0) }
    }

    /// A frame that covers all and is shown for a fraction of a second; nothing is blended.
    private mutating func frameControl() -> [UInt8] {
        nextSequence() + PNGChunk.bigEndian(UInt32(width)) + PNGChunk.bigEndian(UInt32(height))
            + PNGChunk.bigEndian(0 as UInt32) + PNGChunk.bigEndian(0 as UInt32)
            + PNGChunk.bigEndian(1 as UInt16) + PNGChunk.bigEndian(UInt16(timing.framesPerSecond)) + [0, 0]
    }

    private mutating func nextSequence() -> [UInt8] {
        defer { sequence += 1 }
        return PNGChunk.bigEndian(sequence)
    }

    private static func failure(_ detail: String) -> ImageEncodingError {
        ImageEncodingError(format: "APNG", detail: detail)
    }
}
