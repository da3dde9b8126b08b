// SPDX-License-Identifier: Apache-2.0

/// A 3x3 convolution with stride 1 and padding 1 of a small map: one matrix product of all neighbourhoods with the weights.
///
/// On the smallest maps the weights' way through the memory costs more than the arithmetic, and Winograd's have four times
/// as many elements.
struct DirectConvolution3x3: Sendable {
    let input: ActivationMap
    let output: ActivationMap
    /// [9 * I', O'], rows in the order (ky, kx, input)
    private let weights: PackedWeights

    /// - Parameter weight: [O, I, 3, 3]
    init(weight: Tensor, height: Int, width: Int, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        output = ActivationMap(height: height, width: width, channels: outputs)
        let padded = input.channels
        weights = PackedWeights(matrices: 1, inner: 9 * padded, outputs: outputs, loop: loop) { panel, target, _ in
            weight.withUnsafeBufferPointer { elements in
                for lane in 0..<min(Lanes.count, outputs - panel * Lanes.count) {
                    let output = panel * Lanes.count + lane
                    for input in 0..<inputs {
                        for place in 0..<9 {
                            target[(place * padded + input) * Lanes.count + lane] =
                                elements[(output * inputs + input) * 9 + place]
                        }
                    }
                }
            }
        }
    }

    private var pixels: Int { output.height * output.width }

    /// The elements of scratch memory that the layer needs.
    var scratchCount: Int { pixels * (9 * input.channels + output.channels) }

    /// Convolves one image; see `WinogradConvolution3x3.apply`.
    func apply(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        epilogue: ActivationEpilogue, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let inner = 9 * input.channels
        let neighbourhoods = scratch
        let sums = scratch + pixels * inner
        loop.run(output.height) { row, _ in
            for column in 0..<output.width {
                let target = neighbourhoods + (row * output.width + column) * inner
                for place in 0..<9 {
                    let source = x + input.offset(row: row + place / 3 - 1, column: column + place % 3 - 1)
                    Self.scale(source, by: styles, count: input.channels, to: target + place * input.channels)
                }
            }
        }
        weights.withPointer { weights in
            loop.run(self.weights.panels) { panel, _ in
                MatrixKernel.multiply(
                    rows: pixels, inner: inner, panels: 1, a: neighbourhoods, aStride: inner,
                    b: weights + panel * inner * Lanes.count,
                    c: sums + panel * Lanes.count, cStride: output.channels)
            }
        }
        loop.run(output.height) { row, _ in
            for column in 0..<output.width {
                let pixel = row * output.width + column
                let noise = epilogue.noise(at: pixel)
                let target = y + output.offset(row: row, column: column)
                for channel in stride(from: 0, to: output.channels, by: Lanes.count) {
                    epilogue(Lanes(sums + pixel * output.channels + channel), channel: channel, noise: noise)
                        .store(target + channel)
                }
            }
        }
    }

    /// `target = source * factors` for `count` channels, a multiple of 16.
    @inline(__always)
    static func scale(
        _ source: UnsafePointer<Float>, by factors: UnsafePointer<Float>, count: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        for channel in stride(from: 0, to: count, by: Lanes.count) {
            (Lanes(source + channel) * Lanes(factors + channel)).store(target + channel)
        }
    }
}
