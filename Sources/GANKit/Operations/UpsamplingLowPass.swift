// SPDX-License-Identifier: Apache-2.0

/// The low-pass after a transposed convolution, with the layer's epilogue: t, [O, 2H+1, 2W+1], to [O, 2H, 2W].
///
/// Output j of an axis is `sum over k of taps[k] * t[j - 1 + k]`; t is zero outside.
struct UpsamplingLowPass: Sendable {
    let intermediate: ActivationMap
    let output: ActivationMap
    private let taps: SIMD4<Float>

    init(intermediate: ActivationMap, filter: ResampleFilter) {
        self.intermediate = intermediate
        output = ActivationMap(
            height: intermediate.height - 2, width: intermediate.width - 2, channels: intermediate.channels)
        taps = filter.upsamplingTaps
    }

    /// - Parameter t: an `intermediate` map with its rim for each image
    func apply(_ images: [LayerImage], t: UnsafePointer<Float>, loop: ParallelLoop) {
        let pairs = output.height / 2
        loop.run(images.count * pairs) { piece, _ in
            let (index, pair) = piece.quotientAndRemainder(dividingBy: pairs)
            let image = images[index]
            for channel in stride(from: 0, to: output.channels, by: Lanes.count) {
                filterRows(
                    2 * pair, channel: channel, t: t + index * intermediate.count + channel, y: image.y + channel,
                    epilogue: image.epilogue)
            }
        }
    }

    /// Rows `row` and `row + 1` of sixteen channels. They share three of the four rows of t that each needs.
    @inline(__always)
    private func filterRows(
        _ row: Int, channel: Int, t: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, epilogue: ActivationEpilogue
    ) {
        let stride = intermediate.rowStride
        let channels = intermediate.channels
        var source = t + intermediate.offset(row: row - 1, column: -1)
        var target = y + output.offset(row: row, column: 0)
        let pixel = row &* output.width

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
        for column in 0..<output.width {
            let fourth = nextColumn()
            let upper = weighted(first.0, second.0, third.0, fourth.0)
            let lower = weighted(first.1, second.1, third.1, fourth.1)
            epilogue(upper, channel: channel, noise: epilogue.noise(at: pixel &+ column)).store(target)
            epilogue(lower, channel: channel, noise: epilogue.noise(at: pixel &+ output.width &+ column))
                .store(target + output.rowStride)
            target += channels
            (first, second, third) = (second, third, fourth)
        }
    }

    @inline(__always)
    private func weighted(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes) -> Lanes {
        (a * taps[0]).adding(b, times: taps[1]).adding(c, times: taps[2]).adding(d, times: taps[3])
    }
}
