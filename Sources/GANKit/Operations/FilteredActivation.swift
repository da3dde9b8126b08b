// SPDX-License-Identifier: Apache-2.0

/// The activation of StyleGAN3: up-sampling, leaky ReLU, gain and clamp, down-sampling (Karras et al., "Alias-Free
/// Generative Adversarial Networks", 2021, section 3.2).
///
/// Between the filters there are several times as many values as before, more than caches hold. So strips of a few columns
/// and sixteen channels go through all steps row by row: a row is made, filtered along its columns and kept until the
/// down-sampling along the rows no longer needs it.
struct FilteredActivation: Sendable {
    /// Columns of the output in a strip.
    private static let stripWidth = 64
    /// Rows that are kept beside those that an output needs, so that they are moved now and then only.
    private static let spareRows = 32

    /// What the activation does to values.
    struct Nonlinearity: Sendable {
        var slope: Float = 0.2
        var gain = Float(2).squareRoot()
        /// Infinite for none.
        var clamp: Float = .infinity
    }

    /// The layout of the input, whose rim is as wide as the filter needs.
    let input: ActivationMap
    /// The layout of the output.
    let output: ActivationMap
    private let rowTaps: UpsamplingTaps
    /// With the activation's gain.
    private let columnTaps: UpsamplingTaps
    private let up: Int
    private let down: Int
    private let nonlinearity: Nonlinearity
    /// [downTaps], or [downTaps, downTaps], as they meet the pixels.
    private let downsampling: [Float]
    private let downTaps: Int
    private let isSeparable: Bool

    /// - Parameters:
    ///   - inputSize: height and width of the input
    ///   - rimAfter: the least width of the input's rim below and at the right
    ///   - output: the layout of the output, a square
    ///   - upFilter: [n], of sum 1
    ///   - downFilter: [n], or [n, n] for a filter that is no product of its axes; n is at least `down`
    ///   - padding: zeros before each axis of the input after zeros have been inserted; pixels to cut off if negative
    init(
        inputSize: Int, rimAfter: Int = 0, output: ActivationMap, upFilter: Tensor, up: Int, downFilter: Tensor,
        down: Int, padding: Int, nonlinearity: Nonlinearity = Nonlinearity()
    ) {
        downTaps = downFilter.shape[0]
        isSeparable = downFilter.shape.count == 1
        downsampling = downFilter.elements.reversed()
        rowTaps = UpsamplingTaps(filter: upFilter.elements, up: up, padding: padding, gain: 1)
        columnTaps = UpsamplingTaps(filter: upFilter.elements, up: up, padding: padding, gain: nonlinearity.gain)
        let between = (output.height - 1) * down + downTaps
        let before = -rowTaps.firstPixel(0)
        let after = rowTaps.firstPixel(between - 1) + rowTaps.count - inputSize
        input = ActivationMap(
            height: inputSize, width: inputSize, channels: output.channels, rimBefore: max(1, before),
            rimAfter: max(rimAfter, after, 0))
        self.output = output
        self.up = up
        self.down = down
        self.nonlinearity = nonlinearity
    }

    private var strips: Int { (output.width + Self.stripWidth - 1) / Self.stripWidth }
    /// Columns between the filters of the widest strip.
    private var widestStrip: Int { (Self.stripWidth - 1) * down + downTaps }
    private var keptRows: Int { downTaps + Self.spareRows }
    /// Elements of a strip's input row, of a row between the filters, and of the rows that are kept.
    private var bufferCounts: (narrow: Int, wide: Int, kept: Int) {
        let narrow = (widestStrip / up + 2 + columnTaps.count) * Lanes.count
        let wide = widestStrip * Lanes.count
        return (narrow, wide, keptRows * (isSeparable ? Self.stripWidth * Lanes.count : wide))
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        let counts = bufferCounts
        return threads * (counts.narrow + counts.wide + counts.kept)
    }

    /// - Parameters:
    ///   - x: an `input` map with its rim
    ///   - y: an `output` map, whose pixels are overwritten
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let counts = bufferCounts
        let threadCount = scratchCount(threads: 1)
        loop.run(strips * output.channels / Lanes.count) { piece, thread in
            let (block, strip) = piece.quotientAndRemainder(dividingBy: strips)
            let memory = scratch + thread * threadCount
            run(
                strip: strip, x: x + block * Lanes.count, y: y + block * Lanes.count, narrow: memory,
                wide: memory + counts.narrow, kept: memory + counts.narrow + counts.wide)
        }
    }

    /// One strip of sixteen channels, from top to bottom.
    private func run(
        strip: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, narrow: UnsafeMutablePointer<Float>,
        wide: UnsafeMutablePointer<Float>, kept: UnsafeMutablePointer<Float>
    ) {
        let column = strip * Self.stripWidth
        let width = min(Self.stripWidth, output.width - column)
        let between = column * down..<(column + width - 1) * down + downTaps
        let rowLength = (isSeparable ? width : between.count) * Lanes.count
        // The rows between the filters that are kept.
        var rows = 0..<0
        downsampling.withUnsafeBufferPointer { taps in
            guard let taps = taps.baseAddress else { return }
            for row in 0..<output.height {
                let needed = row * down..<row * down + downTaps
                while rows.upperBound < needed.upperBound {
                    if rows.count == keptRows {
                        let first = kept + (needed.lowerBound - rows.lowerBound) * rowLength
                        kept.update(from: first, count: (rows.upperBound - needed.lowerBound) * rowLength)
                        rows = needed.lowerBound..<rows.upperBound
                    }
                    let place = kept + rows.count * rowLength
                    upsample(
                        row: rows.upperBound, columns: between, x: x, narrow: narrow, y: isSeparable ? wide : place)
                    if isSeparable {
                        Kernels.filterPixels(
                            x: wide, xStep: down * Lanes.count, rowStride: 0, columnStride: Lanes.count, taps: taps,
                            tapRows: 1, tapColumns: downTaps, y: place, yStep: Lanes.count, count: width, finish: .store
                        )
                    }
                    rows = rows.lowerBound..<rows.upperBound + 1
                }
                Kernels.filterPixels(
                    x: kept + (needed.lowerBound - rows.lowerBound) * rowLength,
                    xStep: isSeparable ? Lanes.count : down * Lanes.count, rowStride: rowLength,
                    columnStride: Lanes.count, taps: taps, tapRows: downTaps, tapColumns: isSeparable ? 1 : downTaps,
                    y: y + output.offset(row: row, column: column), yStep: output.channels, count: width, finish: .store
                )
            }
        }
    }

    /// One row between the filters, with the activation.
    private func upsample(
        row: Int, columns: Range<Int>, x: UnsafePointer<Float>, narrow: UnsafeMutablePointer<Float>,
        y: UnsafeMutablePointer<Float>
    ) {
        let first = columnTaps.firstPixel(columns.lowerBound)
        let count = columnTaps.firstPixel(columns.upperBound - 1) + columnTaps.count - first
        rowTaps.withTaps(output: row) { taps in
            Kernels.filterPixels(
                x: x + input.offset(row: rowTaps.firstPixel(row), column: first), xStep: input.channels,
                rowStride: input.rowStride, columnStride: 0, taps: taps, tapRows: rowTaps.count, tapColumns: 1,
                y: narrow, yStep: Lanes.count, count: count, finish: .store)
        }
        for phase in 0..<min(up, columns.count) {
            let column = columns.lowerBound + phase
            columnTaps.withTaps(output: column) { taps in
                Kernels.filterPixels(
                    x: narrow + (columnTaps.firstPixel(column) - first) * Lanes.count, xStep: Lanes.count, rowStride: 0,
                    columnStride: Lanes.count, taps: taps, tapRows: 1, tapColumns: columnTaps.count,
                    y: y + phase * Lanes.count, yStep: up * Lanes.count, count: (columns.count - phase + up - 1) / up,
                    finish: .activate(slope: nonlinearity.slope, clamp: nonlinearity.clamp))
            }
        }
    }
}
