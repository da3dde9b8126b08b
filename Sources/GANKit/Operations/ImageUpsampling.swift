// SPDX-License-Identifier: Apache-2.0

/// Doubles the size of an image by zero insertion and the low-pass: `upfirdn2d` with `up=2` and padding [2, 1, 2, 1].
///
/// Output 2m of an axis is `taps[0] * x[m-1] + taps[2] * x[m]`, output 2m+1 is `taps[1] * x[m] + taps[3] * x[m+1]`.
struct ImageUpsampling: Sendable {
    let filter: ResampleFilter

    /// - Parameters:
    ///   - x: [C, H, W]
    ///   - y: [C, 2H, 2W], overwritten
    func apply(
        x: UnsafePointer<Float>, channels: Int, height: Int, width: Int, y: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        loop.run(channels * height) { piece, _ in
            let (channel, row) = piece.quotientAndRemainder(dividingBy: height)
            let plane = x + channel * height * width
            let above = row == 0 ? nil : plane + (row - 1) * width
            let below = row + 1 == height ? nil : plane + (row + 1) * width
            let target = y + (channel * 2 * height + 2 * row) * 2 * width
            let here = plane + row * width
            let taps = filter.upsamplingTaps
            upsampleRow(first: above, taps[0], second: here, taps[2], width: width, target: target)
            upsampleRow(first: here, taps[1], second: below, taps[3], width: width, target: target + 2 * width)
        }
    }

    /// One output row, mixed from two input rows; nil is a row of zeros outside the image.
    private func upsampleRow(
        first: UnsafePointer<Float>?, _ firstTap: Float, second: UnsafePointer<Float>?, _ secondTap: Float,
        width: Int, target: UnsafeMutablePointer<Float>
    ) {
        func mixed(_ column: Int) -> Float {
            guard (0..<width).contains(column) else { return 0 }
            return (first.map { $0[column] * firstTap } ?? 0).addingProduct(secondTap, second?[column] ?? 0)
        }
        let taps = filter.upsamplingTaps
        var left: Float = 0
        var here = mixed(0)
        for column in 0..<width {
            let right = mixed(column + 1)
            target[2 * column] = (left * taps[0]).addingProduct(taps[2], here)
            target[2 * column + 1] = (here * taps[1]).addingProduct(taps[3], right)
            left = here
            here = right
        }
    }
}
