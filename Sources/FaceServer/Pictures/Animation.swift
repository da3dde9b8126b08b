// SPDX-License-Identifier: Apache-2.0

import GANKit

/// A morph in motion.
struct Animation: Sendable {
    static let defaultFrames = 48
    static let defaultFramesPerSecond = 24

    /// The frames, each the face of a place on the way.
    let frames: [FaceParameters]
    let timing: AnimationTiming
    let format: PictureFormat
    /// Relative to the model's prefix.
    let canonicalURL: String

    /// - Parameters:
    ///   - way: at any place
    ///   - count: how many frames, at least two
    ///   - face: what all frames have in common
    init(_ way: MorphPoint, frames count: Int, timing: AnimationTiming, like face: FaceParameters) {
        // On a closed way the frame after the last is the first again.
        let steps = way.isClosed ? count : count - 1
        frames = (0..<count).map { index in
            var point = way
            point.position = FixedDecimal(millionths: (way.end * index * 1_000_000 + steps / 2) / steps)
            var frame = face
            frame.seed = way.seeds[0]
            frame.morph = point
            // Frames are shared with whoever asks for one alone.
            frame.format = .png
            return frame
        }
        self.timing = timing
        format = face.format
        var own = [
            (name: "frames", value: "\(count)"), (name: "fps", value: "\(timing.framesPerSecond)"),
        ]
        if way.space != .w {
            own.insert((name: "space", value: way.space.rawValue), at: 0)
        }
        if !way.isClosed {
            own.append((name: "loop", value: "false"))
        }
        canonicalURL = "/morphs/\(way.path)" + face.urlEnding(own)
    }
}
