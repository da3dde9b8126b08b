// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct SymmetricEigenvectorsTests {
    struct Matrix: CustomTestStringConvertible {
        let testDescription: String
        let elements: [Double]
        let size: Int

        init(_ name: String, _ size: Int, _ element: (Int, Int) -> Double) {
            testDescription = name
            self.size = size
            elements = (0..<size * size).map { element($0 / size, $0 % size) }
        }

        /// `B^T B` of a random B.
        static func squares(_ name: String, _ size: Int, rows: Int) -> Matrix {
            var random = RandomFloats(seed: 7)
            let b = random.next(rows * size).map { Double($0) }
            return Matrix(name, size) { i, j in (0..<rows).reduce(0) { $0 + b[$1 * size + i] * b[$1 * size + j] } }
        }
    }

    static let matrices = [
        Matrix("one element", 1) { _, _ in -3 },
        Matrix("two", 2) { i, j in i == j ? 1 : 2 },
        Matrix("three, negative ones too", 3) { i, j in Double(i * j) - Double(i + j) },
        Matrix("zero", 5) { _, _ in 0 },
        Matrix("identity", 6) { i, j in i == j ? 1 : 0 },
        Matrix("diagonal, repeated", 6) { i, j in i == j ? Double(i / 2) : 0 },
        Matrix("of rank one", 9) { i, j in Double((i + 1) * (j + 1)) },
        Matrix("graded over many magnitudes", 8) { i, j in i == j ? 1e-30 : 1.0 / Double(1 << (i + j)) },
        .squares("random", 40, rows: 60),
        .squares("of less than full rank", 40, rows: 11),
        .squares("as large as real ones", 128, rows: 200),
    ]

    /// `A v = value v`, to what rounding allows.
    @Test(arguments: matrices)
    func vectorsAreEigenvectors(_ matrix: Matrix) {
        let size = matrix.size
        let eigen = SymmetricEigenvectors(of: matrix.elements, size: size)
        let norm = matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for rank in 0..<size {
            let v = Array(eigen.vectors[rank * size..<(rank + 1) * size])
            for row in 0..<size {
                let product = (0..<size).reduce(0) { $0 + matrix.elements[row * size + $1] * v[$1] }
                #expect(abs(product - eigen.values[rank] * v[row]) <= 1e-13 * norm)
            }
        }
        #expect(eigen.values == eigen.values.sorted(by: >))
    }

    @Test(arguments: matrices)
    func vectorsAreOrthonormal(_ matrix: Matrix) {
        let size = matrix.size
        let vectors = SymmetricEigenvectors(of: matrix.elements, size: size).vectors
        for a in 0..<size {
            for b in 0...a {
                let dot = (0..<size).reduce(0) { $0 + vectors[a * size + $1] * vectors[b * size + $1] }
                #expect(abs(dot - (a == b ? 1 : 0)) < 1e-12)
            }
        }
    }

    @Test(arguments: matrices)
    func largestElementIsPositive(_ matrix: Matrix) {
        let size = matrix.size
        let vectors = SymmetricEigenvectors(of: matrix.elements, size: size).vectors
        for rank in 0..<size {
            let v = vectors[rank * size..<(rank + 1) * size]
            #expect(v.max() ?? 0 >= -(v.min() ?? 0))
        }
    }

    @Test func numbersThatAreNotFiniteEnd() {
        let eigen = SymmetricEigenvectors(of: [Double](repeating: .nan, count: 16), size: 4)
        #expect(eigen.vectors.count == 16)
    }
}
