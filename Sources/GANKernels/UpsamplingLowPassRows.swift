// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// Two neighbouring rows of the low-pass after a transposed convolution, with the layer's epilogue.
///
/// Output j of an axis is `sum over k of taps[k] * t[j - 1 + k]`. The two rows share three of the four rows of t that each
/// needs.
///
/// - Parameters:
///   - t: the value one row above and one column left of the first output's; 5 rows of `width + 3` are read
///   - y: the first output
///   - width: of the output rows
///   - pixel: the number of the first output in the image, for its noise
@inline(never)
public func lowPassRows(
    t: UnsafePointer<Float>, tGrid: PixelGrid, y: UnsafeMutablePointer<Float>, yGrid: PixelGrid, width: Int,
    taps: SIMD4<Float>, epilogue: ActivationEpilogue, pixel: Int
) {
    let stride = tGrid.rowStride
    let channels = yGrid.channels

    @inline(__always)
    func weighted(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> Lanes {
        (a * taps[0]).adding(b, times: taps[1]).adding(c, times: taps[2]).adding(d, times: taps[3])
    }

    var channel = 0
    while channel < channels {
        let finish = LaneEpilogue(epilogue, channel: channel)
        var source = t + channel
        var target = y + channel

        /// The next column of t, filtered vertically for both rows.
        @inline(__always)
        func nextColumn() -> (Lanes, Lanes) {
            let (t0, t1, t2) = (Lanes(source), Lanes(source + stride), Lanes(source + 2 &* stride))
            let (t3, t4) = (Lanes(source + 3 &* stride), Lanes(source + 4 &* stride))
            source += channels
            return (weighted(t0, t1, t2, t3), weighted(t1, t2, t3, t4))
        }

        var first = nextColumn()
        var second = nextColumn()
        var third = nextColumn()
        for column in 0..<width {
            let fourth = nextColumn()
            let upper = weighted(first.0, second.0, third.0, fourth.0)
            let lower = weighted(first.1, second.1, third.1, fourth.1)
            finish(upper, pixel: pixel &+ column).store(target)
            finish(lower, pixel: pixel &+ width &+ column).store(target + yGrid.rowStride)
            target += channels
            (first, second, third) = (second, third, fourth)
        }
        channel &+= Lanes.count
    }
}
