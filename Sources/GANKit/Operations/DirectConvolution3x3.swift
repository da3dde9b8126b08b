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

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - output: the layout of the output, if not the usual one of that size
    init(weight: Tensor, height: Int, width: Int, output: ActivationMap? = nil, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        self.output = output ?? ActivationMap(height: height, width: width, channels: outputs)
        weights = PackedWeights(
            weight, places: (0..<9).map { ($0 / 3, $0 % 3) }, paddedInputs: input.channels, loop: loop)
    }

    private var pixels: Int { output.height * output.width }

    /// The elements of scratch memory that each image needs.
    var scratchCount: Int { pixels * (9 * input.channels + output.channels) }

    /// Convolves images, whose pixels follow each other as if they were one image's.
    func apply(_ images: [LayerImage], scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        let inner = 9 * input.channels
        let rows = images.count * output.height
        let allPixels = images.count * pixels
        let neighbourhoods = scratch
        let sums = scratch + allPixels * inner
        loop.run(rows) { index, _ in
            let (image, row) = index.quotientAndRemainder(dividingBy: output.height)
            for column in 0..<output.width {
                let target = neighbourhoods + (index * output.width + column) * inner
                for place in 0..<9 {
                    let offset = input.offset(row: row + place / 3 - 1, column: column + place % 3 - 1)
                    Kernels.scaleChannels(
                        x: images[image].x + offset, factors: images[image].styles, channels: input.channels,
                        y: target + place * input.channels)
                }
            }
        }
        weights.withPointer { weights in
            let (panels, step) = (self.weights.panels, self.weights.panelsPerPiece(loop))
            loop.run((panels + step - 1) / step) { piece, _ in
                let panel = piece * step
                Kernels.multiply(
                    rows: allPixels, inner: inner, panels: min(step, panels - panel), a: neighbourhoods, aStride: inner,
                    b: weights + panel * inner * Lanes.count,
                    c: sums + panel * Lanes.count, cStride: output.channels)
            }
        }
        loop.run(rows) { index, _ in
            let (imageIndex, row) = index.quotientAndRemainder(dividingBy: output.height)
            let image = images[imageIndex]
            Kernels.finishPixels(
                sums: sums + index * output.width * output.channels, y: image.y + output.offset(row: row, column: 0),
                count: output.width, channels: output.channels, epilogue: image.epilogue, pixel: row * output.width)
        }
    }
}
