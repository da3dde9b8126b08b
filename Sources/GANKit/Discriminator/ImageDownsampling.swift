// SPDX-License-Identifier: Apache-2.0

/// Halves a picture by the low-pass: `upfirdn2d` with `down=2`.
struct ImageDownsampling: Sendable {
    let filter: ResampleFilter

    /// - Parameters:
    ///   - x: [size, size, channels]
    ///   - size: even
    ///   - y: [size / 2, size / 2, channels], overwritten
    func apply(
        x: UnsafePointer<Float>, channels: Int, size: Int, y: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let taps = filter.downsamplingTaps
        let half = size / 2
        loop.run(half) { row, _ in
            for index in 0..<half * channels {
                let (column, channel) = index.quotientAndRemainder(dividingBy: channels)
                var sum: Float = 0
                for tap in taps.indices {
                    let sourceRow = 2 * row - filter.downsamplingPadding + tap / filter.size
                    let sourceColumn = 2 * column - filter.downsamplingPadding + tap % filter.size
                    guard (0..<size).contains(sourceRow), (0..<size).contains(sourceColumn) else { continue }
                    sum.addProduct(taps[tap], x[(sourceRow * size + sourceColumn) * channels + channel])
                }
                y[row * half * channels + index] = sum
            }
        }
    }
}
