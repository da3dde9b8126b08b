// SPDX-License-Identifier: Apache-2.0

import CProcessorHints

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
        fused_multiply_add(a, Lanes(repeating: b), self)
    }

    /// `self + a b`, rounded once.
    @inline(__always)
    func adding(_ a: Lanes, times b: Lanes) -> Lanes {
        fused_multiply_add(a, b, self)
    }

    /// Leaky ReLU.
    ///
    /// - Parameter slope: of the negative side, 0 to 1
    @inline(__always)
    func leaky(_ slope: Float) -> Lanes {
        greater(self * slope, self)
    }

    /// Each element bounded to `-bound...bound`; NaN stays.
    @inline(__always)
    func clamped(_ bound: Float) -> Lanes {
        greater(Lanes(repeating: -bound), lesser(Lanes(repeating: bound), self))
    }
}
