// SPDX-License-Identifier: Apache-2.0

/// Doubles the size of an image by zero insertion and the low-pass: `upfirdn2d` with `up=2` and, for a filter of four taps,
/// padding [2, 1, 2, 1].
///
/// With four taps output 2m of an axis is `taps[0] * x[m-1] + taps[2] * x[m]`, output 2m+1 is
/// `taps[1] * x[m] + taps[3] * x[m+1]`.
struct ImageUpsampling: Sendable {
    let filter: ResampleFilter

    /// - Parameters:
    ///   - x: [C, H, W]
    ///   - y: [C, 2H, 2W], overwritten
    func apply(
        x: UnsafePointer<Float>, channels: Int, height: Int, width: Int, y: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        guard let taps = filter.upsamplingTaps else {
            applyWhole(x: x, channels: channels, height: height, width: width, y: y, loop: loop)
            return
        }
        loop.run(channels * height) { piece, _ in
            let (channel, row) = piece.quotientAndRemainder(dividingBy: height)
            let plane = x + channel * height * width
            let above = row == 0 ? nil : plane + (row - 1) * width
            let below = row + 1 == height ? nil : plane + (row + 1) * width
            let target = y + (channel * 2 * height + 2 * row) * 2 * width
            let here = plane + row * width
            upsampleRow(taps, first: above, taps[0], second: here, taps[2], width: width, target: target)
            upsampleRow(taps, first: here, taps[1], second: below, taps[3], width: width, target: target + 2 * width)
        }
    }

    /// One output row, mixed from two input rows; nil is a row of zeros outside the image.
    private func upsampleRow(
        _ taps: SIMD4<Float>, first: UnsafePointer<Float>?, _ firstTap: Float, second: UnsafePointer<Float>?,
        _ secondTap: Float,
        width: Int, target: UnsafeMutablePointer<Float>
    ) {
        // The mixed row with a zero at each end.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width + 2) { memory in
            guard let memory = memory.baseAddress else { return }
            memory[0] = 0
            memory[width + 1] = 0
            let mixed = memory + 1
            for column in 0..<width {
                mixed[column] = ((first?[column] ?? 0) * firstTap).addingProduct(secondTap, second?[column] ?? 0)
            }
            var column = 0
            while column + 8 <= width {
                let here = load8(mixed + column)
                var pair = SIMD16<Float>()
                pair.evenHalf = (load8(mixed + column - 1) * taps[0]).addingProduct(SIMD8(repeating: taps[2]), here)
                pair.oddHalf = (here * taps[1])
                    .addingProduct(SIMD8(repeating: taps[3]), load8(mixed + column + 1))
                UnsafeMutableRawPointer(target + 2 * column).storeBytes(of: pair, as: SIMD16<Float>.self)
                column += 8
            }
            while column < width {
                target[2 * column] = (mixed[column - 1] * taps[0]).addingProduct(taps[2], mixed[column])
                target[2 * column + 1] = (mixed[column] * taps[1]).addingProduct(taps[3], mixed[column + 1])
                column += 1
            }
        }
    }

    /// Any filter, by its definition but for the inserted zeros.
    private func applyWhole(
        x: UnsafePointer<Float>, channels: Int, height: Int, width: Int, y: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let size = filter.size
        /// The taps that meet pixels for an output, the first of them with its pixel.
        func meeting(_ output: Int) -> (taps: StrideTo<Int>, first: Int) {
            (stride(from: filter.firstTap(output), to: size, by: 2), filter.firstPixel(output))
        }
        filter.taps.withUnsafeBufferPointer { taps in
            loop.run(channels * 2 * height) { piece, _ in
                let (channel, outputRow) = piece.quotientAndRemainder(dividingBy: 2 * height)
                let plane = x + channel * height * width
                let rows = meeting(outputRow)
                for outputColumn in 0..<2 * width {
                    let columns = meeting(outputColumn)
                    var sum: Float = 0
                    for (row, tapRow) in rows.taps.enumerated() where (0..<height).contains(rows.first + row) {
                        for (column, tapColumn) in columns.taps.enumerated()
                        where (0..<width).contains(columns.first + column) {
                            sum.addProduct(
                                taps[tapRow * size + tapColumn],
                                plane[(rows.first + row) * width + columns.first + column])
                        }
                    }
                    y[piece * 2 * width + outputColumn] = sum
                }
            }
        }
    }
}
