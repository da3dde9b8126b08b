// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// An `ActivationEpilogue` of sixteen channels, its factors in registers.
struct LaneEpilogue {
    private let scale: Lanes
    private let bias: Lanes
    private let noise: UnsafePointer<Float>?
    private let noiseStrength: Float
    private let slope: Float
    private let clamp: Float

    @inline(__always)
    init(_ epilogue: ActivationEpilogue, channel: Int) {
        scale = Lanes(epilogue.scale + channel)
        bias = Lanes(epilogue.bias + channel)
        noise = epilogue.noise
        noiseStrength = epilogue.noiseStrength
        slope = epilogue.slope
        clamp = epilogue.clamp
    }

    /// Finishes the channels of one pixel.
    @inline(__always)
    func callAsFunction(_ sum: Lanes, pixel: Int) -> Lanes {
        let shift = noise.map { bias + $0[pixel] * noiseStrength } ?? bias
        return shift.adding(sum, times: scale).leaky(slope).clamped(clamp)
    }
}
