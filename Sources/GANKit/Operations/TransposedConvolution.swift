// SPDX-License-Identifier: Apache-2.0

/// A transposed convolution of any filter and stride, without any inserted zero: [I, H, W] to [O, stride * H, stride * W].
///
/// Output row p takes input row i through the filter's row `k = p + padding - stride * i`. So the rows of one remainder by
/// the stride, and likewise the columns, make a phase that is a small convolution of its own: the inputs around each of its
/// pixels are gathered, and one matrix product gives the pixels.
///
/// Activations are [H, W, C'], without a rim.
struct TransposedConvolution: Sendable {
    private struct Phase {
        /// Remainder of the output's row and column.
        let row: Int
        let column: Int
        /// Where the inputs lie from the pixel's own, and which place of the filter they go through.
        let taps: [(row: Int, column: Int, place: Int)]
        /// [taps * I', O'], rows in the order (tap, input)
        let weights: PackedWeights
    }

    /// Pixels whose inputs are gathered together; also the size of the matrix kernel's work at a time.
    private static let pixelsTogether = 48

    /// Of the input.
    let height: Int
    /// Of the input.
    let width: Int
    let stride: Int
    /// I'
    let inputs: Int
    /// O'
    let outputs: Int
    private let phases: [Phase]
    /// Rows of the input whose phase pixels are made together.
    private let rowsTogether: Int

    /// - Parameters:
    ///   - weight: [I, O, kh, kw]
    ///   - padding: how many rows and columns of the full output are cut off at the top and at the left
    init(weight: Tensor, height: Int, width: Int, stride: Int, padding: Int, loop: ParallelLoop) {
        self.height = height
        self.width = width
        self.stride = stride
        let (inputs, outputs) = (weight.shape[0], weight.shape[1])
        let padded = Lanes.padded(inputs)
        self.inputs = padded
        self.outputs = Lanes.padded(outputs)
        rowsTogether = max(1, Self.pixelsTogether / width)
        let rows = (0..<stride).map { Self.taps(size: weight.shape[2], stride: stride, padding: padding, phase: $0) }
        let columns = (0..<stride).map { Self.taps(size: weight.shape[3], stride: stride, padding: padding, phase: $0) }
        let area = weight.shape[2] * weight.shape[3]
        var phases: [Phase] = []
        for row in 0..<stride {
            for column in 0..<stride {
                let taps = rows[row].flatMap { down in
                    columns[column].map {
                        (row: down.offset, column: $0.offset, place: down.place * weight.shape[3] + $0.place)
                    }
                }
                let weights = PackedWeights(
                    matrices: 1, inner: taps.count * padded, outputs: outputs, loop: loop
                ) { output, target, _ in
                    weight.withUnsafeBufferPointer { elements in
                        for (index, tap) in taps.enumerated() {
                            for input in 0..<inputs {
                                target[(index * padded + input) * Lanes.count] =
                                    elements[(input * outputs + output) * area + tap.place]
                            }
                        }
                    }
                }
                phases.append(Phase(row: row, column: column, taps: taps, weights: weights))
            }
        }
        self.phases = phases
    }

    /// Of one axis: the places of the filter that a phase meets, and where their inputs lie from the phase's own.
    private static func taps(size: Int, stride: Int, padding: Int, phase: Int) -> [(offset: Int, place: Int)] {
        (0..<size).compactMap { place in
            let distance = phase + padding - place
            return distance.isMultiple(of: stride) ? (distance / stride, place) : nil
        }
    }

    /// The elements of a thread's scratch memory.
    private var scratchPerThread: Int {
        let taps = phases.map(\.taps.count).max() ?? 0
        return rowsTogether * width * (taps * inputs + outputs)
    }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int { threads * scratchPerThread }

    /// Multiply-adds of one image by the definition, but for those cut off at the edges.
    var multiplyAdds: Int { phases.reduce(0) { $0 + $1.taps.count } * height * width * inputs * outputs }

    /// - Parameters:
    ///   - x: [H, W, I']
    ///   - y: [stride * H, stride * W, O'], overwritten
    ///   - bias: [O']
    ///   - slope: what negative values are multiplied by
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>, slope: Float,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let blocks = (height + rowsTogether - 1) / rowsTogether
        loop.run(phases.count * blocks) { piece, thread in
            let (number, block) = piece.quotientAndRemainder(dividingBy: blocks)
            let rows = block * rowsTogether..<min(height, (block + 1) * rowsTogether)
            let phase = phases[number]
            let gathered = scratch + thread * scratchPerThread
            let inner = phase.taps.count * inputs
            let sums = gathered + rows.count * width * inner
            gather(phase, rows, x: x, target: gathered)
            phase.weights.withPointer { weights in
                Kernels.multiply(
                    rows: rows.count * width, inner: inner, panels: phase.weights.panels, a: gathered, aStride: inner,
                    b: weights, c: sums, cStride: outputs)
            }
            finish(phase, rows, sums: sums, y: y, bias: bias, slope: slope)
        }
    }

    /// The inputs of each pixel, [rows * W, taps * I']; zero outside the image.
    private func gather(
        _ phase: Phase, _ rows: Range<Int>, x: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>
    ) {
        var target = target
        for row in rows {
            for column in 0..<width {
                for tap in phase.taps {
                    let (sourceRow, sourceColumn) = (row + tap.row, column + tap.column)
                    if sourceRow >= 0, sourceRow < height, sourceColumn >= 0, sourceColumn < width {
                        target.update(from: x + (sourceRow * width + sourceColumn) * inputs, count: inputs)
                    } else {
                        target.update(repeating: 0, count: inputs)
                    }
                    target += inputs
                }
            }
        }
    }

    private func finish(
        _ phase: Phase, _ rows: Range<Int>, sums: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        bias: UnsafePointer<Float>, slope: Float
    ) {
        var sums = sums
        for row in rows {
            for column in 0..<width {
                let pixel = (row * stride + phase.row) * width * stride + column * stride + phase.column
                let target = y + pixel * outputs
                for channel in 0..<outputs {
                    let value = sums[channel] + bias[channel]
                    target[channel] = value < 0 ? value * slope : value
                }
                sums += outputs
            }
        }
    }
}
