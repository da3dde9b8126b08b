// SPDX-License-Identifier: Apache-2.0

import GANKit

/// The file formats of pictures, by the extensions of their URLs.
enum PictureFileType: String, Sendable {
    case png
    case jpg
    case webp
    /// An animated PNG.
    case apng
    /// No picture, but what the discriminator says of it, which is computed and kept as pictures are.
    case score

    /// Of pictures that do not move, the smallest files first.
    static let stills = [webp, jpg, png]
    static let animations = [apng, webp]

    /// The media type, RFC 6838.
    var mediaType: String {
        switch self {
        case .png: "image/png"
        case .jpg: "image/jpeg"
        case .webp: "image/webp"
        case .apng: "image/apng"
        case .score: "text/plain"
        }
    }

    /// The quality of a picture whose request names none; nil for a format that loses nothing.
    var defaultQuality: Int? {
        switch self {
        case .png, .apng, .score: nil
        case .jpg, .webp: ImageQuality.standard.value
        }
    }

    /// The library that compresses, with its version, since another one may find other bytes for the same pixels.
    var encoder: String {
        switch self {
        case .png, .apng: PNGEncoder.implementation
        case .jpg: JPEGEncoder.implementation
        case .webp: WebPEncoder.implementation
        case .score: "score"
        }
    }

    /// The largest width and height in pixels.
    var largestSide: Int {
        switch self {
        case .png, .apng: PNGEncoder.largestSide
        case .jpg: JPEGEncoder.largestSide
        case .webp: WebPEncoder.largestSide
        case .score: .max
        }
    }
}
