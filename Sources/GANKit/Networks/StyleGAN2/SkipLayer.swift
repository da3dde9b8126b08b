// SPDX-License-Identifier: Apache-2.0

/// The way around the convolutions of a residual block: a 1x1 convolution, then up-sampling by zero insertion and the
/// low-pass, added to what the convolutions make.
struct SkipLayer: Sendable {
    /// Of both ways of a residual block, so that their sum keeps the variance.
    static let gain = Float(0.5).squareRoot()

    /// The layout of the input.
    let input: ActivationMap
    /// The layout of the 1x1 convolution's output.
    let intermediate: ActivationMap
    /// The layout of what the layer adds to.
    let output: ActivationMap
    /// With the gains, [I', O'].
    private let weights: PackedWeights
    private let filter: ResampleFilter
    /// The filter's taps that meet pixels at even and odd outputs.
    private let phases: [Phase]

    /// The taps that meet pixels at every other output row and column.
    private struct Phase {
        /// [rows, columns]
        let taps: [Float]
        let rows: Int
        let columns: Int
    }

    /// Takes `prefix.weight` [O, I, 1, 1].
    ///
    /// - Parameter resolution: of the output
    init(
        _ prefix: String, in parameters: ParameterMap, inputChannels: Int, outputChannels: Int, resolution: Int,
        loop: ParallelLoop
    ) throws {
        let weight = try parameters.tensor("\(prefix).weight", shape: [outputChannels, inputChannels, 1, 1])
        let filterName = "\(prefix).resample_filter"
        let filter = try ResampleFilter(parameters.anyTensor(filterName), name: filterName)
        let before = filter.upsamplingPadding
        self.filter = filter
        input = ActivationMap(height: resolution / 2, width: resolution / 2, channels: inputChannels)
        intermediate = ActivationMap(
            height: resolution / 2, width: resolution / 2, channels: outputChannels, rimBefore: max(1, before / 2),
            rimAfter: max(4, (filter.size - before) / 2 + 1))
        output = ActivationMap(height: resolution, width: resolution, channels: outputChannels)
        let gain = Self.gain / Float(inputChannels).squareRoot()
        weights = PackedWeights(pointwise: weight, gain: gain, loop: loop)
        phases = (0..<4).map { parities in
            let rows = Array(stride(from: filter.firstTap(parities / 2), to: filter.size, by: 2))
            let columns = Array(stride(from: filter.firstTap(parities % 2), to: filter.size, by: 2))
            return Phase(
                taps: rows.flatMap { row in columns.map { filter.taps[row * filter.size + $0] } }, rows: rows.count,
                columns: columns.count)
        }
    }

    /// Of one image.
    var multiplyAdds: Int { input.channels * output.channels * input.height * input.width }

    /// The 1x1 convolution.
    ///
    /// - Parameters:
    ///   - x: an `input` map
    ///   - t: an `intermediate` map, overwritten
    func convolve(x: UnsafePointer<Float>, t: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        intermediate.clearRim(t)
        weights.withPointer { elements in
            loop.run(input.height) { row, _ in
                Kernels.multiply(
                    rows: input.width, inner: input.channels, panels: weights.panels,
                    a: x + input.offset(row: row, column: 0), aStride: input.channels, b: elements,
                    c: t + intermediate.offset(row: row, column: 0), cStride: intermediate.channels)
            }
        }
    }

    /// Adds what `convolve` made, up-sampled.
    ///
    /// - Parameters:
    ///   - t: an `intermediate` map
    ///   - y: an `output` map
    func add(t: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        loop.run(output.height) { row, _ in
            for parity in 0..<2 {
                let phase = phases[row % 2 * 2 + parity]
                let first = intermediate.offset(row: filter.firstPixel(row), column: filter.firstPixel(parity))
                let source = t + first
                let target = y + output.offset(row: row, column: parity)
                phase.taps.withUnsafeBufferPointer { taps in
                    // A filter of one tap meets no pixel at half of the outputs.
                    guard let taps = taps.baseAddress, phase.rows > 0, phase.columns > 0 else { return }
                    for channel in stride(from: 0, to: output.channels, by: Lanes.count) {
                        Kernels.filterPixels(
                            x: source + channel, xStep: output.channels, rowStride: intermediate.rowStride,
                            columnStride: output.channels, taps: taps, tapRows: phase.rows, tapColumns: phase.columns,
                            y: target + channel, yStep: 2 * output.channels, count: input.width, finish: .add)
                    }
                }
            }
        }
    }
}
