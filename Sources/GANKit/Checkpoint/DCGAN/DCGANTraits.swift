// SPDX-License-Identifier: Apache-2.0

/// What the tensors of a DCGAN do not tell.
public struct DCGANTraits: Sendable, Equatable {
    /// How z is drawn.
    public enum Latent: String, Sendable {
        /// Standard normal, as `randn` of NumPy.
        case normal
        /// Evenly from -1 to 1, as `uniform(-1, 1)` of NumPy.
        case uniform
    }

    /// The factor by which each transposed convolution enlarges its input.
    public var strides: [Int]
    /// How many rows and columns of each transposed convolution's full output are cut off at the top and at the left.
    public var paddings: [Int]
    /// What the layers but the last multiply negative values by: 0 for ReLU.
    public var negativeSlope: Float
    /// How z is drawn.
    public var latent: Latent
    /// A pixel is `value * 127.5 + pixelOffset`, rounded down.
    public var pixelOffset: Float

    /// The traits of the classic PyTorch network of as many transposed convolutions.
    public init(
        strides: [Int], paddings: [Int], negativeSlope: Float = 0, latent: Latent = .normal, pixelOffset: Float = 128
    ) {
        self.strides = strides
        self.paddings = paddings
        self.negativeSlope = negativeSlope
        self.latent = latent
        self.pixelOffset = pixelOffset
    }
}
