// SPDX-License-Identifier: Apache-2.0

/// One image on its way through a convolution.
struct LayerImage {
    /// The convolution's input map with its rim.
    let x: UnsafePointer<Float>
    /// Factors of the input channels, [I'].
    let styles: UnsafePointer<Float>
    /// The convolution's output map, whose pixels are overwritten.
    let y: UnsafeMutablePointer<Float>
    let epilogue: ActivationEpilogue
}
