// SPDX-License-Identifier: Apache-2.0

/// A transposed 3x3 convolution with stride 2 followed by the low-pass: [I, H, W] to [O, 2H, 2W].
///
/// The transposed convolution gives 2H+1 by 2W+1 values t. Its rows and columns of even index mix two input pixels
/// an axis (taps 0 and 2), those of odd index one (tap 1), so t falls into four phases, each a small convolution of
/// the input without any inserted zero. With positions y in 0...H, x in 0...W:
///
///     t[2y, 2x]         taps (y-1, x-1), (y, x-1), (y, x), (y-1, x)
///     t[2y+1, 2x]       taps (y, x-1), (y, x)
///     t[2y, 2x+1]       taps (y, x), (y-1, x)
///     t[2y+1, 2x+1]     tap  (y, x)
///
/// In this order of taps each phase's taps are neighbours, so one gathered [4, I, positions] serves all four products.
/// At the rim an odd index of 2H+1 or 2W+1 would lie outside t; its value is zero, as the low-pass's padding wants it.
struct UpsamplingConvolution3x3 {
    private static let columnElements = 1 << 18
    private static let wantedPieces = 8

    /// A phase's taps: `first..<first + count` of the gathered four, and their places in the 3x3 filter.
    private struct Phase {
        let first: Int
        let places: [(ky: Int, kx: Int)]
    }

    /// Even-even, odd-even, even-odd, odd-odd: (row parity, column parity).
    private static let phases = [
        Phase(first: 0, places: [(2, 2), (0, 2), (0, 0), (2, 0)]),
        Phase(first: 1, places: [(1, 2), (1, 0)]),
        Phase(first: 2, places: [(0, 1), (2, 1)]),
        Phase(first: 2, places: [(1, 1)]),
    ]
    /// The gathered taps' offsets from a position.
    private static let offsets: [(row: Int, column: Int)] = [(-1, -1), (0, -1), (0, 0), (-1, 0)]

    let inputChannels: Int
    let outputChannels: Int
    /// Of the input.
    let height: Int
    let width: Int
    private let taps: SIMD4<Float>
    /// For each phase [O, taps, I].
    private let phaseWeights: [Tensor]

    /// - Parameter weight: [O, I, 3, 3]
    init(weight: Tensor, filter: ResampleFilter, height: Int, width: Int) {
        self.height = height
        self.width = width
        taps = filter.upsamplingTaps
        let outputs = weight.shape[0]
        let inputs = weight.shape[1]
        outputChannels = outputs
        inputChannels = inputs
        phaseWeights = Self.phases.map { phase in
            Tensor(shape: [outputs, phase.places.count, inputs]) { target in
                weight.withUnsafeBufferPointer { source in
                    var index = 0
                    for output in 0..<outputs {
                        for place in phase.places {
                            for input in 0..<inputs {
                                target[index] = source[((output * inputs + input) * 3 + place.ky) * 3 + place.kx]
                                index += 1
                            }
                        }
                    }
                }
            }
        }
    }

    private var positions: Int { (height + 1) * (width + 1) }
    private var tilePositions: Int { min(positions, max(64, Self.columnElements / (4 * inputChannels) / 16 * 16)) }
    private var tileCount: Int { (positions + tilePositions - 1) / tilePositions }
    private var channelBlocks: Int {
        min(max(1, outputChannels / 16), max(1, Self.wantedPieces / tileCount))
    }

    /// The elements of scratch memory that each thread needs.
    var scratchCount: Int { max(4 * inputChannels * tilePositions, 2 * (width + 2)) }

    /// The elements of the intermediate t: [4, O, H+1, W+1].
    var intermediateCount: Int { 4 * outputChannels * positions }

    /// Convolves one image whose channels are scaled by `styles` first.
    ///
    /// - Parameters:
    ///   - x: [I, H, W]
    ///   - styles: [I]
    ///   - intermediate: [4, O, H+1, W+1], overwritten
    ///   - y: [O, 2H, 2W], overwritten
    ///   - finish: called for each row of the output: pixels `start..<start + count` of `channel`
    func apply(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, intermediate: UnsafeMutablePointer<Float>,
        y: UnsafeMutablePointer<Float>, scratch: [FloatBuffer], loop: ParallelLoop,
        finish: (_ row: UnsafeMutablePointer<Float>, _ channel: Int, _ start: Int, _ count: Int) -> Void
    ) {
        let blocks = channelBlocks
        loop.run(tileCount * blocks) { piece, thread in
            let (tile, block) = piece.quotientAndRemainder(dividingBy: blocks)
            let start = tile * tilePositions
            let count = min(tilePositions, positions - start)
            let firstChannel = outputChannels * block / blocks
            let lastChannel = outputChannels * (block + 1) / blocks
            let columns = scratch[thread].pointer
            gatherColumns(x: x, styles: styles, start: start, count: count, columns: columns)
            for (index, phase) in Self.phases.enumerated() {
                let inner = phase.places.count * inputChannels
                phaseWeights[index].withUnsafeBufferPointer { weights in
                    guard let weights = weights.baseAddress else { return }
                    MatrixMultiply.multiply(
                        rows: lastChannel - firstChannel, columns: count, inner: inner,
                        a: weights + firstChannel * inner, aStride: inner,
                        b: columns + phase.first * inputChannels * count, bStride: count,
                        c: intermediate + (index * outputChannels + firstChannel) * positions + start,
                        cStride: positions)
                }
            }
        }
        loop.run(outputChannels) { channel, thread in
            for row in 0..<2 * height {
                let target = y + (channel * 2 * height + row) * 2 * width
                filterRow(
                    intermediate: intermediate, channel: channel, row: row, scratch: scratch[thread].pointer,
                    target: target)
                finish(target, channel, row * 2 * width, 2 * width)
            }
        }
    }

    /// Writes the scaled input pixels around positions `start..<start + count` to `columns`, [4, I, count].
    private func gatherColumns(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, start: Int, count: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        for (tap, offset) in Self.offsets.enumerated() {
            for channel in 0..<inputChannels {
                let target = columns + (tap * inputChannels + channel) * count
                var done = 0
                while done < count {
                    let (row, column) = (start + done).quotientAndRemainder(dividingBy: width + 1)
                    let length = min(width + 1 - column, count - done)
                    PaddedRow.copy(
                        plane: x + channel * height * width, height: height, width: width,
                        row: row + offset.row, column: column + offset.column,
                        count: length, scale: styles[channel], to: target + done)
                    done += length
                }
            }
        }
    }

    /// One row of the low-passed output.
    ///
    /// Output j of an axis is `sum over k of taps[k] * t[j - 1 + k]`: an even j starts at an odd t and the other way
    /// round.
    private func filterRow(
        intermediate: UnsafePointer<Float>, channel: Int, row: Int,
        scratch: UnsafeMutablePointer<Float>, target: UnsafeMutablePointer<Float>
    ) {
        // Columns of even and of odd index of the vertically filtered row. `odd` begins with the zero left of the image.
        let even = scratch
        let odd = scratch + width + 2
        filterColumns(
            intermediate + channel * positions, oddRows: intermediate + (outputChannels + channel) * positions,
            row: row, target: even)
        odd[-1] = 0
        filterColumns(
            intermediate + (2 * outputChannels + channel) * positions,
            oddRows: intermediate + (3 * outputChannels + channel) * positions, row: row, target: odd)
        var column = 0
        while column + 8 <= width {
            let e0 = load8(even + column)
            let e1 = load8(even + column + 1)
            let o0 = load8(odd + column)
            var pair = SIMD16<Float>()
            pair.evenHalf = (taps[0] * load8(odd + column - 1)).addingProduct(taps[1], e0)
                .addingProduct(taps[2], o0).addingProduct(taps[3], e1)
            pair.oddHalf = (taps[0] * e0).addingProduct(taps[1], o0)
                .addingProduct(taps[2], e1).addingProduct(taps[3], load8(odd + column + 1))
            UnsafeMutableRawPointer(target + 2 * column).storeBytes(of: pair, as: SIMD16<Float>.self)
            column += 8
        }
        while column < width {
            let (e0, e1, o0) = (even[column], even[column + 1], odd[column])
            target[2 * column] = (taps[0] * odd[column - 1]).addingProduct(taps[1], e0)
                .addingProduct(taps[2], o0).addingProduct(taps[3], e1)
            target[2 * column + 1] = (taps[0] * e0).addingProduct(taps[1], o0)
                .addingProduct(taps[2], e1).addingProduct(taps[3], odd[column + 1])
            column += 1
        }
    }

    /// Filters the columns of one column parity vertically: `width + 1` values.
    private func filterColumns(
        _ evenRows: UnsafePointer<Float>, oddRows: UnsafePointer<Float>, row: Int, target: UnsafeMutablePointer<Float>
    ) {
        let stride = width + 1
        let middle = row / 2
        // t[row - 1 ... row + 2]; t[-1] is the zero above the image.
        let rows: [UnsafePointer<Float>?] =
            row % 2 == 0
            ? [
                middle == 0 ? nil : oddRows + (middle - 1) * stride, evenRows + middle * stride,
                oddRows + middle * stride, evenRows + (middle + 1) * stride,
            ]
            : [
                evenRows + middle * stride, oddRows + middle * stride,
                evenRows + (middle + 1) * stride, oddRows + (middle + 1) * stride,
            ]
        target.update(repeating: 0, count: stride)
        for (tap, row) in rows.enumerated() {
            guard let row else { continue }
            var index = 0
            while index + 8 <= stride {
                let sum = load8(target + index).addingProduct(SIMD8(repeating: taps[tap]), load8(row + index))
                store8(sum, to: target + index)
                index += 8
            }
            while index < stride {
                target[index].addProduct(taps[tap], row[index])
                index += 1
            }
        }
    }
}
