// SPDX-License-Identifier: Apache-2.0

/// What a picture depends on beside the model.
public struct GenerationRequest: Hashable, Sendable {
    /// Names the latent: z is `numpy.random.RandomState(seed).randn(1, z_dim)`.
    public var seed: UInt32
    /// How far w keeps from the average w: 1 all the way, 0 not at all.
    public var truncationPsi: Float
    /// The number of leading w vectors that are truncated; nil for as many as the model is meant for, which is all of them
    /// but 8 of a StyleGAN.
    public var truncationCutoff: Int?
    /// The class of a conditional model; nil for an unconditional one.
    public var classIndex: Int?
    /// Where the noise comes from.
    public var noiseMode: NoiseMode
    /// What random noise is drawn from; nil draws it from the stream of `seed`, after z.
    public var noiseSeed: UInt32?
    /// How the picture is moved and turned, by models that can; nil leaves that to the checkpoint.
    public var transform: ImageTransform?

    /// A request with the official script's defaults.
    public init(
        seed: UInt32, truncationPsi: Float = 1, truncationCutoff: Int? = nil, classIndex: Int? = nil,
        noiseMode: NoiseMode = .const, noiseSeed: UInt32? = nil, transform: ImageTransform? = nil
    ) {
        self.seed = seed
        self.truncationPsi = truncationPsi
        self.truncationCutoff = truncationCutoff
        self.classIndex = classIndex
        self.noiseMode = noiseMode
        self.noiseSeed = noiseSeed
        self.transform = transform
    }
}
