// SPDX-License-Identifier: Apache-2.0

/// A 1x1 convolution: a matrix product of the pixels with the weights.
struct PointwiseConvolution: Sendable {
    /// Pixels that go through their steps together; the matrix kernel works on twelve at a time.
    private static let blockPixels = 96

    let input: ActivationMap
    let output: ActivationMap
    /// [I', O']
    private let weights: PackedWeights

    /// - Parameters:
    ///   - weight: [O, I, 1, 1]
    ///   - output: the layout of the output, of the size of the input
    init(weight: Tensor, input: ActivationMap, output: ActivationMap, loop: ParallelLoop) {
        self.input = input
        self.output = output
        weights = PackedWeights(pointwise: weight, loop: loop)
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        threads * Self.blockPixels * (input.channels + output.channels)
    }

    func apply(_ image: LayerImage, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        let pixels = input.height * input.width
        weights.withPointer { weights in
            loop.run((pixels + Self.blockPixels - 1) / Self.blockPixels) { block, thread in
                let first = block * Self.blockPixels
                run(
                    first..<min(pixels, first + Self.blockPixels), of: image, weights: weights,
                    scratch: scratch + thread * scratchCount(threads: 1))
            }
        }
    }

    private func run(
        _ pixels: Range<Int>, of image: LayerImage, weights: UnsafePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let sums = scratch + Self.blockPixels * input.channels
        for (index, pixel) in pixels.enumerated() {
            let (row, column) = pixel.quotientAndRemainder(dividingBy: input.width)
            Kernels.scaleChannels(
                x: image.x + input.offset(row: row, column: column), factors: image.styles, channels: input.channels,
                y: scratch + index * input.channels)
        }
        Kernels.multiply(
            rows: pixels.count, inner: input.channels, panels: self.weights.panels, a: scratch, aStride: input.channels,
            b: weights, c: sums, cStride: output.channels)
        var pixel = pixels.lowerBound
        while pixel < pixels.upperBound {
            let (row, column) = pixel.quotientAndRemainder(dividingBy: input.width)
            let count = min(input.width - column, pixels.upperBound - pixel)
            Kernels.finishPixels(
                sums: sums + (pixel - pixels.lowerBound) * output.channels,
                y: image.y + output.offset(row: row, column: column), count: count, channels: output.channels,
                epilogue: image.epilogue, pixel: pixel)
            pixel += count
        }
    }
}
