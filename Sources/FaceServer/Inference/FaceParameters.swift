// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Everything, besides the model, that decides the bytes of a face.
///
/// Values equal to the model's own default are nil, so that two spellings of one face are equal.
struct FaceParameters: Hashable, Sendable {
    /// Of a morph the first seed of its way; of a raw latent what its noise is drawn from.
    var seed: UInt32
    var truncation: FixedDecimal
    /// The number of layers that truncation applies to; nil for all of them.
    var cutoff: Int?
    /// nil for an unconditional model.
    var classIndex: Int?
    var noise: NoiseMode = .const
    /// What random noise is drawn from; nil for the face's own seed.
    var noiseSeed: UInt32?
    /// In canonical order.
    var edits: [FaceEdit] = []
    /// nil for a face of one seed.
    var mix: StyleMix?
    /// nil for a face that is not on the way between seeds.
    var morph: MorphPoint?
    /// nil for a face of seeds.
    var latent: RawLatent?
    /// nil for a picture in its place.
    var translate: PictureOffset?
    /// In degrees; nil for an upright picture.
    var rotate: FixedDecimal?
    /// Width and height in pixels; nil for the model's resolution.
    var size: Int?
    var format = PictureFormat.png

    /// What the generator is asked for where no other seed has a part in it. The size is not its concern.
    var generationRequest: GenerationRequest {
        GenerationRequest(
            seed: seed,
            truncationPsi: truncation.floatValue,
            truncationCutoff: cutoff,
            classIndex: classIndex,
            noiseMode: noise,
            noiseSeed: noiseSeed,
            transform: transform
        )
    }

    private var transform: ImageTransform? {
        guard translate != nil || rotate != nil else { return nil }
        let offset = translate ?? .zero
        return ImageTransform(
            translateX: offset.x.doubleValue, translateY: offset.y.doubleValue,
            rotationDegrees: rotate?.doubleValue ?? 0)
    }
}
