// SPDX-License-Identifier: Apache-2.0

import GANKitAVX512

/// Products with packed weights, one thread a call.
///
/// Each element of the result is a chain of fused multiply-adds over `inner` in ascending order. Neither the processor's
/// vector width nor the cut into blocks changes that order, so the bits are the same everywhere.
enum MatrixKernel {
    /// The ways to compute a product; all give the same bits.
    enum Kernel {
        /// For registers of 256 or 128 bits.
        case portable
        case avx512
    }

    /// The kernels that this machine can run, the fastest last.
    static let available: [Kernel] = CPUFeatures.current.hasAVX512 ? [.portable, .avx512] : [.portable]

    private static let fastest = available[available.count - 1]

    /// Rows that are computed together, so that sums and weights fill the registers.
    private static let blockRows = 6

    /// `c = a b` for `panels` blocks of 16 columns.
    ///
    /// - Parameters:
    ///   - a: [rows, inner], rows `aStride` elements apart
    ///   - b: [panels, inner, 16]
    ///   - c: [rows, panels * 16], rows `cStride` elements apart; overwritten
    static func multiply(
        rows: Int, inner: Int, panels: Int,
        a: UnsafePointer<Float>, aStride: Int,
        b: UnsafePointer<Float>,
        c: UnsafeMutablePointer<Float>, cStride: Int,
        kernel: Kernel = fastest
    ) {
        #if arch(x86_64)
        if kernel == .avx512 {
            multiplyAVX512(
                rows: rows, inner: inner, panels: panels, a: a, aStride: aStride, b: b, c: c, cStride: cStride)
            return
        }
        #endif
        for panel in 0..<panels {
            let weights = b + panel &* inner &* Lanes.count
            var row = 0
            while row < rows {
                block(
                    rows: min(blockRows, rows &- row), inner: inner, a: a + row &* aStride, aStride: aStride,
                    b: weights, c: c + row &* cStride + panel &* Lanes.count, cStride: cStride)
                row &+= blockRows
            }
        }
    }

    /// Up to six rows of one panel. Where there are fewer, the last row is computed again.
    @inline(__always)
    private static func block(
        rows: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
        b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, cStride: Int
    ) {
        let last = rows &- 1
        let (row1, row2, row3, row4, row5) = (min(1, last), min(2, last), min(3, last), min(4, last), min(5, last))
        let (a1, a2, a3) = (a + row1 &* aStride, a + row2 &* aStride, a + row3 &* aStride)
        let (a4, a5) = (a + row4 &* aStride, a + row5 &* aStride)
        var (c0, c1, c2, c3, c4, c5) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        var weights = b
        for index in 0..<inner {
            let w = Lanes(weights)
            c0 = c0.adding(w, times: a[index])
            c1 = c1.adding(w, times: a1[index])
            c2 = c2.adding(w, times: a2[index])
            c3 = c3.adding(w, times: a3[index])
            c4 = c4.adding(w, times: a4[index])
            c5 = c5.adding(w, times: a5[index])
            weights += Lanes.count
        }
        c0.store(c)
        c1.store(c + row1 &* cStride)
        c2.store(c + row2 &* cStride)
        c3.store(c + row3 &* cStride)
        c4.store(c + row4 &* cStride)
        c5.store(c + row5 &* cStride)
    }
}
