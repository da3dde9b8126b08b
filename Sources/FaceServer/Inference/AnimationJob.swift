// SPDX-License-Identifier: Apache-2.0

/// An animation to be made.
struct AnimationJob: Sendable {
    let model: ServedModel
    let animation: Animation

    var key: FaceKey {
        FaceKey(model, animation.canonicalURL, edits: animation.frames[0].edits, type: animation.format.type)
    }

    /// Width and height of each frame in pixels.
    var size: Int {
        animation.frames[0].size ?? model.generator.configuration.imgResolution
    }
}
