// SPDX-License-Identifier: Apache-2.0

import GANKit
import Synchronization

/// Makes an animation's file of its frames' PNGs. The lock guards the encoder.
final class AnimationWriter: Sendable {
    /// One of the two. Each is changed where it is, since a copy would copy all frames.
    private struct Encoder: Sendable {
        var png: AnimatedPNGEncoder?
        var webp: AnimatedWebPEncoder?
    }

    private let maxPixels: Int
    private let threads: Int
    private let encoder: Mutex<Encoder>

    /// - Throws: `ImageEncodingError` for a size that the format has not.
    init(_ job: AnimationJob, threads: Int) throws(ImageEncodingError) {
        let size = job.size
        let animation = job.animation
        maxPixels = size * size
        self.threads = threads
        switch animation.format.type {
        case .webp:
            let webp = try AnimatedWebPEncoder(
                width: size, height: size, timing: animation.timing, quality: animation.format.imageQuality)
            encoder = Mutex(Encoder(webp: webp))
        default:
            let png = try AnimatedPNGEncoder(
                width: size, height: size, frames: animation.frames.count, timing: animation.timing,
                text: job.model.identity.compositeText(animation.canonicalURL))
            encoder = Mutex(Encoder(png: png))
        }
    }

    /// Takes the next frame, and gives what of the file is certain now.
    ///
    /// - Throws: `PNGDecodingError`, `ImageEncodingError`
    func append(_ frame: [UInt8]) throws -> [UInt8] {
        let image = try PNGDecoder().decode(frame, maxPixels: maxPixels)
        return try encoder.withLock { encoder in
            try encoder.webp?.append(image)
            return try encoder.png?.append(image, threads: threads) ?? []
        }
    }

    /// The rest of the file.
    ///
    /// - Throws: `ImageEncodingError`
    func finish() throws -> [UInt8] {
        try encoder.withLock { try $0.png?.finish() ?? $0.webp?.finish() ?? [] }
    }
}
