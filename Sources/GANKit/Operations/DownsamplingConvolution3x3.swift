// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A low-pass and a 3x3 convolution with stride 2 after it: half the size of the input.
///
/// Output (i, j) is the sum over ky, kx of `weight[ky, kx] * t[2i + ky, 2j + kx]`, where `t` is the low-passed map, larger than
/// the input by one. Of each row of outputs the three rows of `t` that it needs lie interleaved by column, so that the
/// neighbourhood of an output is one stretch of memory and the row one matrix product.
struct DownsamplingConvolution3x3: Sendable {
    /// The most taps on an axis of the low-pass.
    static let largestFilter = 4

    /// With a rim as wide as the low-pass reaches.
    let input: ActivationMap
    let output: ActivationMap
    /// Zeros before an axis: one of the convolution's, and those of the low-pass.
    private let padding: Int
    private let filterSize: Int
    /// [size, size], of sum 1, in the order in which the taps meet the pixels.
    private let taps: [Float]
    /// [9 * I', O'], rows in the order (kx, ky, input)
    private let weights: PackedWeights

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - filter: of up to `largestFilter` taps
    ///   - resolution: of the input, even
    init(weight: Tensor, filter: ResampleFilter, resolution: Int, loop: ParallelLoop) {
        precondition(filter.size <= Self.largestFilter, "a filter of \(filter.size) taps")
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        padding = 1 + filter.downsamplingPadding
        filterSize = filter.size
        taps = filter.downsamplingTaps
        input = ActivationMap(height: resolution, width: resolution, channels: inputs, rimBefore: max(1, padding))
        output = ActivationMap(height: resolution / 2, width: resolution / 2, channels: outputs)
        weights = PackedWeights(
            weight, places: (0..<9).map { ($0 % 3, $0 / 3) }, paddedInputs: input.channels, loop: loop)
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        threads * 3 * (input.width + 1) * input.channels
    }

    /// Convolves an image and finishes each value with its epilogue.
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, epilogue: ActivationEpilogue,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        output.clearRim(y)
        let channels = input.channels
        weights.withPointer { weights in
            loop.run(output.height) { row, thread in
                let t = scratch + thread * scratchCount(threads: 1)
                lowPass(x: x, row: row, t: t)
                let target = y + output.offset(row: row, column: 0)
                Kernels.multiply(
                    rows: output.width, inner: 9 * channels, panels: self.weights.panels, a: t, aStride: 6 * channels,
                    b: weights, c: target, cStride: output.channels)
                Kernels.finishPixels(
                    sums: target, y: target, count: output.width, channels: output.channels, epilogue: epilogue,
                    pixel: row * output.width)
            }
        }
    }

    /// The three rows of the low-passed map that a row of outputs needs: [W + 1, 3, I'].
    private func lowPass(x: UnsafePointer<Float>, row: Int, t: UnsafeMutablePointer<Float>) {
        let channels = input.channels
        taps.withUnsafeBufferPointer { taps in
            guard let taps = taps.baseAddress else { return }
            for ky in 0..<3 {
                let source = x + input.offset(row: 2 * row + ky - padding, column: -padding)
                for channel in stride(from: 0, to: channels, by: Lanes.count) {
                    Kernels.filterPixels(
                        x: source + channel, xStep: channels, rowStride: input.rowStride, columnStride: channels,
                        taps: taps, tapRows: filterSize, tapColumns: filterSize, y: t + ky * channels + channel,
                        yStep: 3 * channels, count: input.width + 1, finish: .store)
                }
            }
        }
    }
}
