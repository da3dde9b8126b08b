// SPDX-License-Identifier: Apache-2.0

/// The way around the convolutions of a residual block: a low-pass that halves the map, then a 1x1 convolution.
struct DiscriminatorSkip: Sendable {
    let input: ActivationMap
    /// Without a rim, as nothing but a sum follows.
    let output: ActivationMap
    private let filter: ResampleFilter
    private let taps: [Float]
    /// With the gains, [I', O'].
    private let weights: PackedWeights

    /// Takes `prefix.weight` [O, I, 1, 1].
    ///
    /// - Parameter resolution: of the input
    init(
        _ prefix: String, in parameters: ParameterMap, filter: ResampleFilter, inputs: Int, outputs: Int,
        resolution: Int, loop: ParallelLoop
    ) throws {
        let weight = try parameters.tensor("\(prefix).weight", shape: [outputs, inputs, 1, 1])
        self.filter = filter
        taps = filter.downsamplingTaps
        input = ActivationMap(height: resolution, width: resolution, channels: inputs)
        output = ActivationMap(
            height: resolution / 2, width: resolution / 2, channels: outputs, rimBefore: 0, rimAfter: 0)
        weights = PackedWeights(
            pointwise: weight, gain: SkipLayer.gain / Float(inputs).squareRoot(), loop: loop)
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        threads * output.width * input.channels
    }

    /// - Parameters:
    ///   - x: an `input` map
    ///   - y: an `output` map, overwritten
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let channels = input.channels
        let padding = filter.downsamplingPadding
        taps.withUnsafeBufferPointer { taps in
            weights.withPointer { weights in
                guard let taps = taps.baseAddress else { return }
                loop.run(output.height) { row, thread in
                    let halved = scratch + thread * scratchCount(threads: 1)
                    let source = x + input.offset(row: 2 * row - padding, column: -padding)
                    for channel in stride(from: 0, to: channels, by: Lanes.count) {
                        Kernels.filterPixels(
                            x: source + channel, xStep: 2 * channels, rowStride: input.rowStride,
                            columnStride: channels, taps: taps, tapRows: filter.size, tapColumns: filter.size,
                            y: halved + channel, yStep: channels, count: output.width, finish: .store)
                    }
                    Kernels.multiply(
                        rows: output.width, inner: channels, panels: self.weights.panels, a: halved,
                        aStride: channels, b: weights, c: y + output.offset(row: row, column: 0),
                        cStride: output.channels)
                }
            }
        }
    }

    /// Adds what `apply` made to a map of the same pixels.
    func add(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ map: ActivationMap, loop: ParallelLoop) {
        let count = output.width * output.channels
        loop.run(output.height) { row, _ in
            let source = x + output.offset(row: row, column: 0)
            let target = y + map.offset(row: row, column: 0)
            for index in 0..<count { target[index] += source[index] }
        }
    }
}
