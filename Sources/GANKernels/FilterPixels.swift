// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// Outputs that are computed together, so that their sums fill the registers.
private let blockCount = 6

/// Filters sixteen channels of a row of pixels:
/// `y[n] = finish(sum over row, column of taps[row, column] * x[n * xStep + row * rowStride + column * columnStride])`.
///
/// Each sum is a chain of fused multiply-adds, row by row. Filters along one axis, filters of both axes, and the phases of
/// up-sampling and down-sampling filters differ in their strides and steps only.
///
/// - Parameters:
///   - taps: [tapRows, tapColumns] in the order in which they meet the pixels
///   - count: of outputs
@inline(never)
public func filterPixels(
    x: UnsafePointer<Float>, xStep: Int, rowStride: Int, columnStride: Int,
    taps: UnsafePointer<Float>, tapRows: Int, tapColumns: Int,
    y: UnsafeMutablePointer<Float>, yStep: Int, count: Int, finish: FilterFinish
) {
    var index = 0
    while index < count {
        let last = min(blockCount, count &- index) &- 1
        let (n1, n2, n3, n4, n5) = (min(1, last), min(2, last), min(3, last), min(4, last), min(5, last))
        let first = x + index &* xStep
        let (x1, x2, x3, x4, x5) = (n1 &* xStep, n2 &* xStep, n3 &* xStep, n4 &* xStep, n5 &* xStep)
        var (s0, s1, s2, s3, s4, s5) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
        var tap = taps
        for row in 0..<tapRows {
            var source = first + row &* rowStride
            for _ in 0..<tapColumns {
                let factor = tap.pointee
                s0 = s0.adding(Lanes(source), times: factor)
                s1 = s1.adding(Lanes(source + x1), times: factor)
                s2 = s2.adding(Lanes(source + x2), times: factor)
                s3 = s3.adding(Lanes(source + x3), times: factor)
                s4 = s4.adding(Lanes(source + x4), times: factor)
                s5 = s5.adding(Lanes(source + x5), times: factor)
                tap += 1
                source += columnStride
            }
        }
        let target = y + index &* yStep
        switch finish {
        case .store:
            s0.store(target)
            s1.store(target + n1 &* yStep)
            s2.store(target + n2 &* yStep)
            s3.store(target + n3 &* yStep)
            s4.store(target + n4 &* yStep)
            s5.store(target + n5 &* yStep)
        case .add:
            // All are read before any is written, as the last ones may be the same.
            let (t0, t1, t2) = (s0 + Lanes(target), s1 + Lanes(target + n1 &* yStep), s2 + Lanes(target + n2 &* yStep))
            let (t3, t4) = (s3 + Lanes(target + n3 &* yStep), s4 + Lanes(target + n4 &* yStep))
            let t5 = s5 + Lanes(target + n5 &* yStep)
            t0.store(target)
            t1.store(target + n1 &* yStep)
            t2.store(target + n2 &* yStep)
            t3.store(target + n3 &* yStep)
            t4.store(target + n4 &* yStep)
            t5.store(target + n5 &* yStep)
        case .activate(let slope, let clamp):
            s0.leaky(slope).clamped(clamp).store(target)
            s1.leaky(slope).clamped(clamp).store(target + n1 &* yStep)
            s2.leaky(slope).clamped(clamp).store(target + n2 &* yStep)
            s3.leaky(slope).clamped(clamp).store(target + n3 &* yStep)
            s4.leaky(slope).clamped(clamp).store(target + n4 &* yStep)
            s5.leaky(slope).clamped(clamp).store(target + n5 &* yStep)
        }
        index &+= blockCount
    }
}
