// SPDX-License-Identifier: Apache-2.0

/// What follows each convolution of StyleGAN2: demodulation, noise, bias, leaky ReLU, gain and clamp, in that order.
///
/// The same as `bias_act` of the official implementation with `act='lrelu'`, `alpha=0.2`, `gain=sqrt(2)`. Since leaky ReLU
/// commutes with a positive factor, the gain is in `scale`, `bias` and `noiseStrength` already.
struct ActivationEpilogue {
    static let negativeSlope: Float = 0.2
    static let gain = Float(2).squareRoot()

    /// Demodulation times gain, [O'].
    let scale: UnsafePointer<Float>
    /// Bias times gain, [O'].
    let bias: UnsafePointer<Float>
    /// [H, W], or nil for none.
    let noise: UnsafePointer<Float>?
    /// Strength times gain.
    let noiseStrength: Float
    /// Bound on the magnitude, infinite for none.
    let clamp: Float

    /// The noise of a pixel, scaled.
    @inline(__always)
    func noise(at pixel: Int) -> Float {
        noise.map { $0[pixel] * noiseStrength } ?? 0
    }

    /// Finishes sixteen channels, `channel` and the following, of one pixel.
    @inline(__always)
    func callAsFunction(_ sum: Lanes, channel: Int, noise: Float) -> Lanes {
        let value = (Lanes(bias + channel) + noise).addingProduct(Lanes(scale + channel), sum)
        let activated = value.replacing(with: value * Self.negativeSlope, where: value .< 0)
        return clamp == .infinity ? activated : activated.clamped(clamp)
    }
}

extension Lanes {
    /// Each element bounded to `-bound...bound`.
    @inline(__always)
    func clamped(_ bound: Float) -> Lanes {
        // The standard library's pointwise minimum and maximum work on one element at a time.
        let (low, high) = (Lanes(repeating: -bound), Lanes(repeating: bound))
        return replacing(with: high, where: self .> high).replacing(with: low, where: self .< low)
    }
}
