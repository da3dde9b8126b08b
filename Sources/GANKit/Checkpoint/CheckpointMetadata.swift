// SPDX-License-Identifier: Apache-2.0

/// What a checkpoint says of a network beside its tensors. The defaults are those of the official implementation.
public struct CheckpointMetadata: Sendable, Equatable {
    /// How the blocks of a StyleGAN2 synthesis network make the image.
    public enum BlockArchitecture: String, Sendable {
        /// Each block adds its RGB output to the up-sampled image of the block before.
        case skip
        /// Residual blocks; only the last block makes RGB.
        case resnet
        /// Plain blocks; only the last block makes RGB.
        case orig
    }

    /// What `averageSamples` may be.
    static let averageSampleBounds = 1...10_000

    /// The family of networks: "stylegan", "stylegan2", "stylegan3", "dcgan".
    public var architecture: String
    /// How blocks are wired.
    public var blockArchitecture: BlockArchitecture
    /// The factor by which the mapping network's weights and biases are stored enlarged.
    public var mappingLearningRateMultiplier: Float
    /// Bound on the magnitude of the activations after each convolution, or nil for none.
    public var convClamp: Float?
    /// What a StyleGAN3 network's tensors do not tell; nil for other networks.
    public var styleGAN3: StyleGAN3Geometry?
    /// Of how many latents the average w has to be computed, where the file does not hold it.
    public var averageSamples: Int?
    /// Up to which w vector truncation goes where a request does not say: StyleGAN's 8. nil for all.
    public var truncationCutoff: Int?
    /// What the tensors of a DCGAN do not tell; nil for other architectures.
    public var dcgan: DCGANTraits?
    /// The model's own name.
    public var name: String?
    /// One sentence about the model.
    public var description: String?
    /// The licence of the weights.
    public var license: String?

    /// Metadata with every value at the official default.
    public init(
        architecture: String = "stylegan2",
        blockArchitecture: BlockArchitecture = .skip,
        mappingLearningRateMultiplier: Float = 0.01,
        convClamp: Float? = nil,
        styleGAN3: StyleGAN3Geometry? = nil,
        averageSamples: Int? = nil,
        truncationCutoff: Int? = nil,
        dcgan: DCGANTraits? = nil,
        name: String? = nil,
        description: String? = nil,
        license: String? = nil
    ) {
        self.architecture = architecture
        self.blockArchitecture = blockArchitecture
        self.mappingLearningRateMultiplier = mappingLearningRateMultiplier
        self.convClamp = convClamp
        self.styleGAN3 = styleGAN3
        self.averageSamples = averageSamples
        self.truncationCutoff = truncationCutoff
        self.dcgan = dcgan
        self.name = name
        self.description = description
        self.license = license
    }
}
