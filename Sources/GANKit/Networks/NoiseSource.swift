// SPDX-License-Identifier: Apache-2.0

/// Hands each synthesis layer in turn its noise image.
struct NoiseSource {
    let mode: NoiseMode
    /// Continues the stream that z came from.
    var stream: NumPyRandomState

    /// The noise image of a layer, or nil for none.
    ///
    /// - Parameters:
    ///   - constant: the layer's own noise image, [H, W]
    ///   - buffer: at least H * W elements, where random noise is put
    mutating func next(constant: Tensor, buffer: UnsafeMutablePointer<Float>) -> UnsafePointer<Float>? {
        switch mode {
        case .none:
            return nil
        case .const:
            return constant.withUnsafeBufferPointer(\.baseAddress)
        case .random:
            for index in 0..<constant.count {
                buffer[index] = Float(stream.nextNormal())
            }
            return UnsafePointer(buffer)
        }
    }
}
