// SPDX-License-Identifier: Apache-2.0

/// What follows each convolution of StyleGAN2: demodulation, noise, bias, leaky ReLU, gain and clamp, in that order.
///
/// The same as `bias_act` of the official implementation with `act='lrelu'`, `alpha=0.2`, `gain=sqrt(2)`.
struct BiasActivation {
    static let negativeSlope: Float = 0.2
    static let gain = Float(2).squareRoot()

    /// Added to each channel before the activation, [O].
    let bias: Tensor
    /// Bound on the magnitude of the result, or nil for none.
    let clamp: Float?

    /// `row = clamp(gain * lrelu(scale * row + noiseStrength * noise + bias[channel]))`
    ///
    /// - Parameters:
    ///   - row: `count` neighbouring pixels of one channel, replaced by the result
    ///   - noise: noise of the same pixels, or nil for none
    func apply(
        to row: UnsafeMutablePointer<Float>, count: Int, channel: Int, scale: Float,
        noise: UnsafePointer<Float>?, noiseStrength: Float
    ) {
        let bias = self.bias.withUnsafeBufferPointer { $0[channel] }
        let bound = clamp ?? .infinity
        var index = 0
        while index + 8 <= count {
            var value = SIMD8(repeating: bias)
            if let noise {
                value.addProduct(SIMD8(repeating: noiseStrength), load8(noise + index))
            }
            value.addProduct(SIMD8(repeating: scale), load8(row + index))
            let activated = pointwiseMax(value, value * Self.negativeSlope) * Self.gain
            store8(activated.clamped(bound), to: row + index)
            index += 8
        }
        while index < count {
            var value = bias
            if let noise {
                value.addProduct(noiseStrength, noise[index])
            }
            value.addProduct(scale, row[index])
            let activated = max(value, value * Self.negativeSlope) * Self.gain
            row[index] = min(max(activated, -bound), bound)
            index += 1
        }
    }
}

extension SIMD8<Float> {
    /// Each element bounded to `-bound...bound`.
    @inline(__always)
    func clamped(_ bound: Float) -> SIMD8<Float> {
        clamped(lowerBound: SIMD8(repeating: -bound), upperBound: SIMD8(repeating: bound))
    }
}
