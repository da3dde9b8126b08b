// SPDX-License-Identifier: Apache-2.0

/// The eigenvalues and eigenvectors of a symmetric matrix, in plain arithmetic, so that the bits are the same on every
/// processor: Householder's reduction to a tridiagonal matrix, then QL iterations with implicit shifts (Golub and Van Loan,
/// "Matrix Computations", sections 8.3.1 and 8.3.3).
struct SymmetricEigenvectors {
    /// More iterations than an eigenvalue ever takes; only numbers that are not finite reach it.
    private static let mostIterations = 60

    /// Largest first.
    private(set) var values: [Double]
    /// Row k is the eigenvector of value k, of unit length; its element of the largest magnitude is positive. [size, size]
    private(set) var vectors: [Double]
    private let size: Int
    /// Beside the diagonal; the last is 0.
    private var neighbours: [Double]

    /// - Parameter matrix: [size, size]
    init(of matrix: [Double], size: Int) {
        precondition(matrix.count == size * size && size > 0, "\(matrix.count) elements of \(size)x\(size)")
        self.size = size
        values = [Double](repeating: 0, count: size)
        neighbours = [Double](repeating: 0, count: size)
        vectors = []
        reduce(matrix)
        iterate()
        order()
    }

    /// Finds Q and a tridiagonal T = Q^T A Q. `vectors` becomes Q^T.
    private mutating func reduce(_ matrix: [Double]) {
        var a = matrix
        // Reflection k acts on the elements after k: I - factor * v v^T, with v in row k.
        var reflections = [Double](repeating: 0, count: size * size)
        var factors = [Double](repeating: 0, count: size)
        var product = [Double](repeating: 0, count: size)
        for k in 0..<max(0, size - 2) {
            let rest = k + 1..<size
            let length = rest.reduce(0) { $0 + a[k * size + $1] * a[k * size + $1] }.squareRoot()
            let first = a[k * size + k + 1]
            let image = first > 0 ? -length : length
            neighbours[k] = image
            guard length > 0 else { continue }
            for index in rest { reflections[k * size + index] = a[k * size + index] }
            reflections[k * size + k + 1] -= image
            // 2 / (v^T v)
            let factor = 1 / (length * length - first * image)
            factors[k] = factor
            for index in rest { product[index] = 0 }
            for row in rest {
                Self.add(reflections[k * size + row] * factor, of: a, from: row * size, to: &product, from: 0, rest)
            }
            let dot = rest.reduce(0) { $0 + product[$1] * reflections[k * size + $1] }
            Self.add(-dot * factor / 2, of: reflections, from: k * size, to: &product, from: 0, rest)
            for row in rest {
                let v = reflections[k * size + row]
                Self.add(-v, of: product, from: 0, to: &a, from: row * size, rest)
                Self.add(-product[row], of: reflections, from: k * size, to: &a, from: row * size, rest)
            }
        }
        for index in 0..<size { values[index] = a[index * size + index] }
        if size > 1 { neighbours[size - 2] = a[(size - 2) * size + size - 1] }

        // Q, the product of the reflections.
        var q = [Double](repeating: 0, count: size * size)
        for index in 0..<size { q[index * size + index] = 1 }
        for k in stride(from: size - 3, through: 0, by: -1) where factors[k] != 0 {
            let rest = k + 1..<size
            for index in rest { product[index] = 0 }
            for row in rest {
                Self.add(
                    reflections[k * size + row] * factors[k], of: q, from: row * size, to: &product, from: 0, rest)
            }
            for row in rest {
                Self.add(-reflections[k * size + row], of: product, from: 0, to: &q, from: row * size, rest)
            }
        }
        vectors = (0..<size * size).map { q[$0 % size * size + $0 / size] }
    }

    /// `target[targetStart + i] += factor * source[sourceStart + i]` for each `i` in `range`.
    @inline(__always)
    private static func add(
        _ factor: Double, of source: [Double], from sourceStart: Int, to target: inout [Double], from targetStart: Int,
        _ range: Range<Int>
    ) {
        source.withUnsafeBufferPointer { source in
            target.withUnsafeMutableBufferPointer { target in
                guard let source = source.baseAddress, let target = target.baseAddress else { return }
                let (from, to) = (source + sourceStart, target + targetStart)
                for index in range {
                    to[index].addProduct(factor, from[index])
                }
            }
        }
    }

    /// Makes the elements beside the diagonal vanish, one after the other.
    private mutating func iterate() {
        let scale = zip(values, neighbours).reduce(0) { max($0, abs($1.0) + abs($1.1)) }
        let negligible = scale * Double.ulpOfOne * Double.ulpOfOne
        for first in 0..<size {
            for _ in 0..<Self.mostIterations {
                // Where the matrix falls apart.
                var last = first
                while last < size - 1 {
                    let bound = max(negligible, (abs(values[last]) + abs(values[last + 1])) * Double.ulpOfOne)
                    if abs(neighbours[last]) <= bound { break }
                    last += 1
                }
                if last == first { break }
                sweep(first, last)
            }
        }
    }

    /// One QL step on rows and columns `first...last`, whose shift is the eigenvalue of the leading 2x2 block that is nearer to
    /// its first element.
    private mutating func sweep(_ first: Int, _ last: Int) {
        let slope = (values[first + 1] - values[first]) / (2 * neighbours[first])
        let root = (slope * slope + 1).squareRoot()
        var bulge = values[last] - values[first] + neighbours[first] / (slope + (slope < 0 ? -root : root))
        var (sine, cosine, shift) = (1.0, 1.0, 0.0)
        for index in stride(from: last - 1, through: first, by: -1) {
            let above = sine * neighbours[index]
            let beside = cosine * neighbours[index]
            let length = (above * above + bulge * bulge).squareRoot()
            neighbours[index + 1] = length
            guard length > 0 else {
                values[index + 1] -= shift
                neighbours[last] = 0
                return
            }
            sine = above / length
            cosine = bulge / length
            let value = values[index + 1] - shift
            let sum = (values[index] - value) * sine + 2 * cosine * beside
            shift = sine * sum
            values[index + 1] = value + shift
            bulge = cosine * sum - beside
            rotate(index, sine: sine, cosine: cosine)
        }
        values[first] -= shift
        neighbours[first] = bulge
        neighbours[last] = 0
    }

    /// Turns two neighbouring rows of `vectors` into each other.
    private mutating func rotate(_ row: Int, sine: Double, cosine: Double) {
        vectors.withUnsafeMutableBufferPointer { vectors in
            guard let upper = vectors.baseAddress.map({ $0 + row * size }) else { return }
            let lower = upper + size
            for index in 0..<size {
                let (a, b) = (upper[index], lower[index])
                upper[index] = cosine * a - sine * b
                lower[index] = sine * a + cosine * b
            }
        }
    }

    /// Sorts, and decides the signs, which are arbitrary.
    private mutating func order() {
        let places = values.indices.sorted { values[$0] > values[$1] || (values[$0] == values[$1] && $0 < $1) }
        vectors = places.flatMap { place in
            let vector = vectors[place * size..<(place + 1) * size]
            let largest = vector.max { abs($0) < abs($1) } ?? 0
            return largest < 0 ? vector.map { -$0 } : Array(vector)
        }
        values = places.map { values[$0] }
    }
}
