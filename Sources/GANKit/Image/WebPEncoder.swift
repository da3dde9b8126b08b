// SPDX-License-Identifier: Apache-2.0

import CWebP

/// Writes images as lossy WebP through libwebp. The same image and quality give the same bytes on every processor, with the
/// same libwebp.
public struct WebPEncoder: Sendable {
    /// The library that compresses, with its version: "libwebp 1.2.4".
    public static let implementation: String = {
        let version = WebPGetEncoderVersion()
        return "libwebp \(version >> 16).\(version >> 8 & 0xff).\(version & 0xff)"
    }()
    /// The largest width and height that the format has.
    public static let largestSide = Int(WEBP_MAX_DIMENSION)

    private let quality: ImageQuality

    /// An encoder.
    public init(quality: ImageQuality = .standard) {
        self.quality = quality
    }

    /// Encodes an image.
    ///
    /// - Throws: `ImageEncodingError`
    public func encode(_ image: RGBImage) throws(ImageEncodingError) -> [UInt8] {
        guard (1...Self.largestSide).contains(image.width), (1...Self.largestSide).contains(image.height) else {
            throw failure("\(image.width)x\(image.height) is not 1 to \(Self.largestSide) pixels wide and high")
        }
        var configuration = WebPConfig()
        var picture = WebPPicture()
        guard WebPConfigInit(&configuration) != 0, WebPPictureInit(&picture) != 0 else {
            throw failure("the library has another version than its headers")
        }
        configuration.quality = Float(quality.value)
        picture.width = Int32(image.width)
        picture.height = Int32(image.height)
        var writer = WebPMemoryWriter()
        WebPMemoryWriterInit(&writer)
        defer {
            WebPPictureFree(&picture)
            WebPMemoryWriterClear(&writer)
        }
        guard WebPPictureImportRGB(&picture, image.pixels, Int32(image.width * 3)) != 0 else {
            throw failure("out of memory")
        }
        let isEncoded = withUnsafeMutablePointer(to: &writer) { writer in
            picture.custom_ptr = UnsafeMutableRawPointer(writer)
            picture.writer = WebPMemoryWrite
            return WebPEncode(&configuration, &picture) != 0
        }
        guard isEncoded else {
            throw failure("error \(picture.error_code.rawValue)")
        }
        return Array(UnsafeBufferPointer(start: writer.mem, count: writer.size))
    }

    private func failure(_ detail: String) -> ImageEncodingError {
        ImageEncodingError(format: "WebP", detail: detail)
    }
}
