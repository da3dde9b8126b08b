// SPDX-License-Identifier: Apache-2.0

/// Reads rows of an image as if zeros surrounded it.
enum PaddedRow {
    /// Writes `scale` times the pixels `column..<column + count` of `row` to `target`; pixels outside count as zero.
    ///
    /// - Parameter plane: [H, W]
    static func copy(
        plane: UnsafePointer<Float>, height: Int, width: Int,
        row: Int, column: Int, count: Int, scale: Float, to target: UnsafeMutablePointer<Float>
    ) {
        guard row >= 0, row < height else {
            target.update(repeating: 0, count: count)
            return
        }
        let first = min(max(0, -column), count)
        let last = max(first, min(count, width - column))
        target.update(repeating: 0, count: first)
        (target + last).update(repeating: 0, count: count - last)
        let source = plane + row * width + column
        var index = first
        while index + 8 <= last {
            store8(load8(source + index) * scale, to: target + index)
            index += 8
        }
        while index < last {
            target[index] = source[index] * scale
            index += 1
        }
    }
}
