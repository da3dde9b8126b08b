// SPDX-License-Identifier: Apache-2.0

/// The map from a w vector to the style of one layer's convolution.
struct StyleAffine: Sendable {
    /// Which w vector the layer takes.
    let wIndex: Int
    /// As stored: [styles, wDim]
    let weight: Tensor
}
