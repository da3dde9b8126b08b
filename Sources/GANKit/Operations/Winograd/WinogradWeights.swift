// SPDX-License-Identifier: Apache-2.0

/// Filters of a convolution in the form that Winograd's products need.
enum WinogradWeights {
    /// What happens to the filter on one axis: some of its three taps, in the order in which they meet the inputs, go
    /// through `matrix`.
    struct Axis {
        /// [points, taps]
        let matrix: [[Double]]
        /// Places in the filter.
        let taps: [Int]

        /// The taps through the filter's side of Winograd's minimal filtering, which is the Vandermonde matrix of the
        /// interpolation points, each row divided by the product of its point's distances to the others; the last row is
        /// that of infinity.
        static func winograd(nodes: [Double], taps: [Int]) -> Axis {
            let finite = nodes.indices.map { index in
                let distances = nodes.indices.reduce(1) { $1 == index ? $0 : $0 * (nodes[index] - nodes[$1]) }
                return taps.indices.map { power in
                    (0..<power).reduce(1 / distances) { value, _ in value * nodes[index] }
                }
            }
            return Axis(matrix: finite + [taps.indices.map { $0 == taps.count - 1 ? 1 : 0 }], taps: taps)
        }

        /// One tap as it is.
        static func single(_ tap: Int) -> Axis { Axis(matrix: [[1]], taps: [tap]) }

        /// For each point the factors of all three places of the filter.
        fileprivate var factors: [[Double]] {
            matrix.map { row in (0..<3).map { place in taps.firstIndex(of: place).map { row[$0] } ?? 0 } }
        }
    }

    /// The matrices [I', O'] of every pair of points: `rows.matrix g columns.matrix^T` for each filter g, computed in Double.
    ///
    /// - Parameter weight: [O, I, 3, 3]
    static func pack(
        _ weight: Tensor, inputs: Int, outputs: Int, rows: Axis, columns: Axis, loop: ParallelLoop
    ) -> PackedWeights {
        let rowFactors = rows.factors
        let columnFactors = columns.factors
        let points = rowFactors.count * columnFactors.count
        return PackedWeights(
            matrices: points, inner: Lanes.padded(inputs), outputs: outputs, loop: loop
        ) { output, column, matrixStride in
            weight.withUnsafeBufferPointer { elements in
                guard let elements = elements.baseAddress else { return }
                for input in 0..<inputs {
                    transform(
                        elements + (output * inputs + input) * 9, rowFactors, columnFactors,
                        target: column + input * Lanes.count, stride: matrixStride)
                }
            }
        }
    }

    @inline(__always)
    private static func transform(
        _ filter: UnsafePointer<Float>, _ rows: [[Double]], _ columns: [[Double]],
        target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        var target = target
        for row in rows {
            var mixed = SIMD3<Double>.zero
            for place in 0..<3 {
                let taps = SIMD3(filter[3 * place], filter[3 * place + 1], filter[3 * place + 2])
                mixed += row[place] * SIMD3<Double>(taps)
            }
            for column in columns {
                target.pointee = Float(mixed.x * column[0] + mixed.y * column[1] + mixed.z * column[2])
                target += stride
            }
        }
    }
}
