// SPDX-License-Identifier: Apache-2.0

/// What follows each convolution: demodulation, noise, bias, leaky ReLU, gain and clamp, in that order.
///
/// The same as `bias_act` of the official implementation with `act='lrelu'`, `alpha=0.2`, `gain=sqrt(2)`. Since leaky ReLU
/// commutes with a positive factor, the gain is in `scale`, `bias` and `noiseStrength` already.
public struct ActivationEpilogue {
    /// Of leaky ReLU.
    @inlinable public static var negativeSlope: Float { 0.2 }
    /// Of the activation.
    public static let gain = Float(2).squareRoot()

    /// Demodulation times gain, [O'].
    public let scale: UnsafePointer<Float>
    /// Bias times gain, [O'].
    public let bias: UnsafePointer<Float>
    /// [H, W], or nil for none.
    public let noise: UnsafePointer<Float>?
    /// Strength times gain.
    public let noiseStrength: Float
    /// Bound on the magnitude, infinite for none.
    public let clamp: Float
    /// Of the negative side; 1 for no activation.
    public let slope: Float

    /// An epilogue of the given factors.
    public init(
        scale: UnsafePointer<Float>, bias: UnsafePointer<Float>, noise: UnsafePointer<Float>?, noiseStrength: Float,
        clamp: Float, slope: Float = negativeSlope
    ) {
        self.scale = scale
        self.bias = bias
        self.noise = noise
        self.noiseStrength = noiseStrength
        self.clamp = clamp
        self.slope = slope
    }
}
