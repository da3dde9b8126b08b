// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// Sixteen neighbouring channels of one pixel: the unit in which activations are stored and computed.
///
/// One register with AVX-512, two with AVX2, four with NEON.
typealias Lanes = SIMD16<Float>

extension Lanes {
    /// Channels in one block.
    @inline(__always)
    static var count: Int { 16 }

    /// Sixteen elements from memory of any alignment.
    @inline(__always)
    init(_ pointer: UnsafePointer<Float>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
    }

    /// Stores sixteen elements to memory of any alignment.
    @inline(__always)
    func store(_ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
    }

    /// `self + a b`, rounded once.
    @inline(__always)
    func adding(_ a: Lanes, times b: Float) -> Lanes {
        addingProduct(a, Lanes(repeating: b))
    }

    /// The sum of all elements, in one fixed order: halves are added to each other.
    @inline(__always)
    var total: Float {
        let eight = lowHalf + highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    /// Each element bounded to `-bound...bound`.
    @inline(__always)
    func clamped(_ bound: Float) -> Lanes {
        // The standard library's pointwise minimum and maximum work on one element at a time.
        let (low, high) = (Lanes(repeating: -bound), Lanes(repeating: bound))
        return replacing(with: high, where: self .> high).replacing(with: low, where: self .< low)
    }
}

extension ActivationEpilogue {
    /// The noise of a pixel, scaled.
    @inline(__always)
    func noise(at pixel: Int) -> Float {
        noise.map { $0[pixel] * noiseStrength } ?? 0
    }

    /// Finishes sixteen channels, `channel` and the following, of one pixel.
    @inline(__always)
    func callAsFunction(_ sum: Lanes, channel: Int, noise: Float) -> Lanes {
        let value = (Lanes(bias + channel) + noise).addingProduct(Lanes(scale + channel), sum)
        let activated = value.replacing(with: value * slope, where: value .< 0)
        return clamp == .infinity ? activated : activated.clamped(clamp)
    }
}
