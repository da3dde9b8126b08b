// SPDX-License-Identifier: Apache-2.0

extension Tensor {
    /// The same elements in the same order under another shape of as many.
    func reshaped(_ newShape: [Int]) -> Tensor {
        Tensor(shape: newShape, viewing: storage.elements, ownedBy: storage)
    }

    /// Axes in another order: axis i of the result is axis `axes[i]` of this tensor. Axes of the result that are in
    /// `reversed` are read backwards.
    func permuted(_ axes: [Int], reversing reversed: Set<Int> = []) -> Tensor {
        precondition(axes.sorted() == Array(shape.indices), "axes \(axes) of shape \(shape)")
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        let newShape = axes.map { shape[$0] }
        guard count > 0 else { return Tensor(shape: newShape) { _ in } }
        let start = reversed.reduce(0) { $0 + (newShape[$1] - 1) * strides[axes[$1]] }
        let steps = axes.indices.map { reversed.contains($0) ? -strides[axes[$0]] : strides[axes[$0]] }
        return withUnsafeBufferPointer { source in
            Tensor(shape: newShape) { output in
                StridedWalk(shape: newShape, strides: steps).gather(from: source, at: start, into: output)
            }
        }
    }

    /// A vector with zeros up to whole `Lanes`.
    func filledUp() -> Tensor {
        withUnsafeBufferPointer { source in
            Tensor(shape: [Lanes.padded(count)]) { output in
                for index in output.indices {
                    output[index] = index < source.count ? source[index] : 0
                }
            }
        }
    }

    /// `body` of each element.
    func mapped(_ body: (Float) -> Float) -> Tensor {
        withUnsafeBufferPointer { source in
            Tensor(shape: shape) { output in
                for index in output.indices {
                    output[index] = body(source[index])
                }
            }
        }
    }
}
