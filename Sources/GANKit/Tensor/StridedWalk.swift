// SPDX-License-Identifier: Apache-2.0

/// Copies a window with strides into C order.
struct StridedWalk {
    let shape: [Int]
    /// Steps between neighbours along each axis, in elements.
    let strides: [Int]

    /// - Parameters:
    ///   - source: holds every element that the walk meets, which the caller has checked
    ///   - start: where the first element lies
    ///   - output: as many elements as `shape` has, of which each is set
    func gather(
        from source: UnsafeBufferPointer<Float>, at start: Int, into output: UnsafeMutableBufferPointer<Float>
    ) {
        guard !output.isEmpty else { return }
        guard let rowLength = shape.last, let rowStride = strides.last else {
            output[0] = source[start]
            return
        }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var start = start
        for row in stride(from: 0, to: output.count, by: rowLength) {
            for column in 0..<rowLength {
                output[row + column] = source[start + column * rowStride]
            }
            for axis in index.indices.reversed() {
                index[axis] += 1
                start += strides[axis]
                if index[axis] < shape[axis] { break }
                start -= index[axis] * strides[axis]
                index[axis] = 0
            }
        }
    }
}
