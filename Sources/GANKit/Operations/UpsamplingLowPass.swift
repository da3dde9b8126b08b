// SPDX-License-Identifier: Apache-2.0

/// The low-pass after a transposed convolution, with the layer's epilogue: t, [O, 2H+1, 2W+1], to [O, 2H, 2W].
///
/// Output j of an axis is `sum over k of taps[k] * t[j - before + k]`; what t is outside is the `Edge`.
struct UpsamplingLowPass: Sendable {
    /// What lies around t.
    enum Edge: Sendable {
        /// StyleGAN2's: zeros.
        case zero
        /// StyleGAN's, whose low-pass comes in two steps: the pixels of t two by two, then [1, 2, 1] over what lies within
        /// the image, with zeros around. The same comes of [1, 3, 3, 1] at once when around t the outermost values are
        /// repeated with the sign changed, so that two by two they are zero.
        case negated
    }

    let intermediate: ActivationMap
    let output: ActivationMap
    private let filter: ResampleFilter
    private let edge: Edge

    init(intermediate: ActivationMap, filter: ResampleFilter, edge: Edge = .zero) {
        self.intermediate = intermediate
        output = ActivationMap(
            height: intermediate.height - 1, width: intermediate.width - 1, channels: intermediate.channels)
        self.filter = filter
        self.edge = edge
    }

    /// - Parameter t: an `intermediate` map for each image, whose rim is zero
    func apply(_ images: [LayerImage], t: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        if edge == .negated {
            for index in images.indices {
                negateEdge(t + index * intermediate.count)
            }
        }
        if let taps = filter.upsamplingTaps {
            applyFactor(taps, images, t: t, loop: loop)
        } else {
            applyWhole(images, t: t, loop: loop)
        }
    }

    /// Puts the negated outermost values around t.
    private func negateEdge(_ t: UnsafeMutablePointer<Float>) {
        let channels = intermediate.channels
        let (height, width) = (intermediate.height, intermediate.width)
        func negate(_ source: Int, to target: Int, _ count: Int) {
            for index in 0..<count {
                t[target + index] = -t[source + index]
            }
        }
        for row in 0..<height {
            let (first, last) = (
                intermediate.offset(row: row, column: 0), intermediate.offset(row: row, column: width - 1)
            )
            negate(first, to: first - channels, channels)
            negate(last, to: last + channels, channels)
        }
        let (first, last) = (
            intermediate.offset(row: 0, column: -1), intermediate.offset(row: height - 1, column: -1)
        )
        negate(first, to: first - intermediate.rowStride, (width + 2) * channels)
        negate(last, to: last + intermediate.rowStride, (width + 2) * channels)
    }

    /// The filters of at most four taps that are products of their axes, as good as all: two rows at a time.
    private func applyFactor(_ taps: SIMD4<Float>, _ images: [LayerImage], t: UnsafePointer<Float>, loop: ParallelLoop)
    {
        let pairs = output.height / 2
        loop.run(images.count * pairs) { piece, _ in
            let (index, pair) = piece.quotientAndRemainder(dividingBy: pairs)
            applyPair(row: 2 * pair, taps, images[index], t: t + index * intermediate.count)
        }
    }

    /// Two rows of one image by a filter of four taps; reads rows `row - 1` to `row + 3` of t.
    func applyPair(row: Int, _ taps: SIMD4<Float>, _ image: LayerImage, t: UnsafePointer<Float>) {
        Kernels.lowPassRows(
            t: t + intermediate.offset(row: row - 1, column: -1), tGrid: intermediate.grid,
            y: image.y + output.offset(row: row, column: 0), yGrid: output.grid,
            width: output.width, taps: taps, epilogue: image.epilogue, pixel: row * output.width)
    }

    /// The taps of an axis, where rows can be low-passed two by two while others are not known yet.
    var pairTaps: SIMD4<Float>? { edge == .zero ? filter.upsamplingTaps : nil }

    /// Any filter, by its definition.
    private func applyWhole(_ images: [LayerImage], t: UnsafePointer<Float>, loop: ParallelLoop) {
        let (before, channels) = (filter.convolutionPadding, output.channels)
        filter.taps.withUnsafeBufferPointer { taps in
            guard let taps = taps.baseAddress else { return }
            loop.run(images.count * output.height) { piece, _ in
                let (index, row) = piece.quotientAndRemainder(dividingBy: output.height)
                let image = images[index]
                let source = t + index * intermediate.count + intermediate.offset(row: row - before, column: -before)
                let target = image.y + output.offset(row: row, column: 0)
                for channel in stride(from: 0, to: channels, by: Lanes.count) {
                    Kernels.filterPixels(
                        x: source + channel, xStep: channels, rowStride: intermediate.rowStride, columnStride: channels,
                        taps: taps, tapRows: filter.size, tapColumns: filter.size,
                        y: target + channel, yStep: channels, count: output.width, finish: .store)
                }
                Kernels.finishPixels(
                    sums: target, y: target, count: output.width, channels: channels, epilogue: image.epilogue,
                    pixel: row * output.width)
            }
        }
    }
}
