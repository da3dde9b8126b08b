// SPDX-License-Identifier: Apache-2.0

/// The low-pass after a transposed convolution, with the layer's epilogue: t, [O, 2H+1, 2W+1], to [O, 2H, 2W].
///
/// Output j of an axis is `sum over k of taps[k] * t[j - before + k]`; t is zero outside.
struct UpsamplingLowPass: Sendable {
    let intermediate: ActivationMap
    let output: ActivationMap
    private let filter: ResampleFilter

    init(intermediate: ActivationMap, filter: ResampleFilter) {
        self.intermediate = intermediate
        output = ActivationMap(
            height: intermediate.height - 2, width: intermediate.width - 2, channels: intermediate.channels)
        self.filter = filter
    }

    /// - Parameter t: an `intermediate` map with its rim for each image
    func apply(_ images: [LayerImage], t: UnsafePointer<Float>, loop: ParallelLoop) {
        if let taps = filter.upsamplingTaps {
            applyFactor(taps, images, t: t, loop: loop)
        } else {
            applyWhole(images, t: t, loop: loop)
        }
    }

    /// The filters of at most four taps that are products of their axes, as good as all: two rows at a time.
    private func applyFactor(_ taps: SIMD4<Float>, _ images: [LayerImage], t: UnsafePointer<Float>, loop: ParallelLoop)
    {
        let pairs = output.height / 2
        loop.run(images.count * pairs) { piece, _ in
            let (index, pair) = piece.quotientAndRemainder(dividingBy: pairs)
            let image = images[index]
            let row = 2 * pair
            Kernels.lowPassRows(
                t: t + index * intermediate.count + intermediate.offset(row: row - 1, column: -1),
                tGrid: intermediate.grid, y: image.y + output.offset(row: row, column: 0), yGrid: output.grid,
                width: output.width, taps: taps, epilogue: image.epilogue, pixel: row * output.width)
        }
    }

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
