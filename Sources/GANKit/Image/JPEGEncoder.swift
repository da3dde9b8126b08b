// SPDX-License-Identifier: Apache-2.0

import CJPEG

/// Writes images as baseline JPEG through libjpeg-turbo. The same image and quality give the same bytes on every processor,
/// with the same libjpeg-turbo.
///
/// Colour has half the resolution of brightness below `fullColourQuality`, and the same from there on.
public struct JPEGEncoder: Sendable {
    /// The library that compresses, with its version: "libjpeg-turbo 2.1.5".
    public static let implementation: String = {
        let version = Int(LIBJPEG_TURBO_VERSION_NUMBER)
        return "libjpeg-turbo \(version / 1_000_000).\(version / 1000 % 1000).\(version % 1000)"
    }()
    /// The lowest quality at which colour has the full resolution.
    public static let fullColourQuality = 90
    /// The largest width and height that the format has.
    public static let largestSide = 65_500

    private let quality: ImageQuality

    /// An encoder.
    public init(quality: ImageQuality = .standard) {
        self.quality = quality
    }

    /// Encodes an image.
    ///
    /// - Throws: `ImageEncodingError`
    public func encode(_ image: RGBImage) throws(ImageEncodingError) -> [UInt8] {
        var buffer = cjpeg_buffer()
        defer { free(buffer.bytes) }
        image.pixels.withUnsafeBufferPointer { pixels in
            cjpeg_write_rgb8(
                &buffer, pixels.baseAddress, UInt32(image.width), UInt32(image.height), Int32(quality.value),
                quality.value < Self.fullColourQuality ? 1 : 0)
        }
        let message = String(zeroTerminated: buffer.message)
        guard message.isEmpty else {
            throw ImageEncodingError(format: "JPEG", detail: message)
        }
        return Array(UnsafeBufferPointer(start: buffer.bytes, count: buffer.count))
    }
}
