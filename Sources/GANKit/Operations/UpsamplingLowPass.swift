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
            let row = 2 * pair
            Kernels.lowPassRows(
                t: t + index * intermediate.count + intermediate.offset(row: row - 1, column: -1),
                tGrid: intermediate.grid, y: image.y + output.offset(row: row, column: 0), yGrid: output.grid,
                width: output.width, taps: taps, epilogue: image.epilogue, pixel: row * output.width)
        }
    }
}
