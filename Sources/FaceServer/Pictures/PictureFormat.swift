// SPDX-License-Identifier: Apache-2.0

import GANKit

/// How a picture is written.
struct PictureFormat: Hashable, Sendable {
    static let png = PictureFormat(.png)

    let type: PictureFileType
    /// nil for the format's own.
    let quality: Int?

    /// - Parameter quality: counts for nothing where the format loses nothing
    init(_ type: PictureFileType, quality: Int? = nil) {
        self.type = type
        self.quality = type.defaultQuality == nil || quality == type.defaultQuality ? nil : quality
    }

    /// How much of a picture is kept.
    var imageQuality: ImageQuality { quality.flatMap { ImageQuality($0) } ?? .standard }

    /// The complete file of a picture that does not move.
    ///
    /// - Parameter text: what the picture says of its own making, where the format has a place for it
    /// - Throws: `ImageEncodingError`
    func encode(
        _ image: RGBImage, text: [(keyword: String, text: String)], threads: Int
    ) throws(ImageEncodingError) -> [UInt8] {
        switch type {
        case .png, .apng, .score: try PNGEncoder().encode(image, text: text, threads: threads)
        case .jpg: try JPEGEncoder(quality: imageQuality).encode(image)
        case .webp: try WebPEncoder(quality: imageQuality).encode(image)
        }
    }
}
