// SPDX-License-Identifier: Apache-2.0

/// Writes animations as lossy WebP (WebP container specification, "Extended File Format"). The same frames give the same
/// bytes, with the same libwebp.
///
/// The file says its length at its beginning, so it is there only when all frames are. Each frame is a whole picture, as
/// in a morph every pixel changes; so frames do not depend on each other.
public struct AnimatedWebPEncoder: Sendable {
    /// What RIFF's lengths of 32 bits allow.
    private static let largestFile = Int(UInt32.max) - 9
    /// "ANMF" flags: the frame replaces what was there.
    private static let doNotBlend: UInt8 = 1 << 1
    /// "VP8X" flags.
    private static let hasAnimation: UInt8 = 1 << 1

    private let width: Int
    private let height: Int
    private let timing: AnimationTiming
    private let encoder: WebPEncoder
    private var frames: [UInt8] = []
    private var encoded = 0

    /// An encoder.
    ///
    /// - Throws: `ImageEncodingError`
    public init(
        width: Int, height: Int, timing: AnimationTiming, quality: ImageQuality = .standard
    ) throws(ImageEncodingError) {
        let sides = 1...WebPEncoder.largestSide
        guard sides.contains(width), sides.contains(height) else {
            throw Self.failure("\(width)x\(height) is not 1 to \(sides.upperBound) pixels wide and high")
        }
        self.width = width
        self.height = height
        self.timing = timing
        encoder = WebPEncoder(quality: quality)
    }

    /// Adds the next frame.
    ///
    /// - Throws: `ImageEncodingError` when it has another size than the animation
    public mutating func append(_ image: RGBImage) throws(ImageEncodingError) {
        guard image.width == width, image.height == height else {
            throw Self.failure("a frame of \(image.width)x\(image.height) pixels in an animation of \(width)x\(height)")
        }
        // A picture's file is "RIFF", its length, "WEBP", and the chunk that is wanted.
        let picture = try encoder.encode(image).dropFirst(12)
        let head =
            Self.littleEndian(0, bytes: 3) + Self.littleEndian(0, bytes: 3) + size
            + Self.littleEndian(timing.milliseconds(ofFrame: encoded), bytes: 3) + [Self.doNotBlend]
        let frame = Self.chunk("ANMF", head + picture)
        guard frames.count + frame.count < Self.largestFile - 64 else {
            throw Self.failure("the animation is larger than 4 GiB")
        }
        frames += frame
        encoded += 1
    }

    /// The file.
    ///
    /// - Throws: `ImageEncodingError` when there is no frame
    public func finish() throws(ImageEncodingError) -> [UInt8] {
        guard encoded > 0 else {
            throw Self.failure("an animation of no frames")
        }
        let background: [UInt8] = [0, 0, 0, 0]
        return Self.chunk(
            "RIFF",
            Array("WEBP".utf8)
                + Self.chunk("VP8X", [Self.hasAnimation, 0, 0, 0] + size)
                + Self.chunk("ANIM", background + Self.littleEndian(timing.loops, bytes: 2))
                + frames)
    }

    /// Width and height, each less one.
    private var size: [UInt8] { Self.littleEndian(width - 1, bytes: 3) + Self.littleEndian(height - 1, bytes: 3) }

    /// A chunk of RIFF, filled up to an even length.
    private static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
        Array(type.utf8) + littleEndian(data.count, bytes: 4) + data + (data.count.isMultiple(of: 2) ? [] : [0])
    }

    private static func littleEndian(_ number: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func failure(_ detail: String) -> ImageEncodingError {
        ImageEncodingError(format: "WebP", detail: detail)
    }
}
