// SPDX-License-Identifier: Apache-2.0

/// Sums of products in one fixed order, so that the bits depend on neither the processor nor the batch.
enum DotProduct {
    /// The inner product of two vectors of `count` elements.
    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
        var sum0 = SIMD8<Float>.zero
        var sum1 = SIMD8<Float>.zero
        var index = 0
        while index + 16 <= count {
            sum0.addProduct(load8(a + index), load8(b + index))
            sum1.addProduct(load8(a + index + 8), load8(b + index + 8))
            index += 16
        }
        var sum = (sum0 + sum1).sum()
        while index < count {
            sum.addProduct(a[index], b[index])
            index += 1
        }
        return sum
    }

    /// `result = matrix vector` for a row-major matrix [rows, columns].
    static func multiply(
        matrix: UnsafePointer<Float>, rows: Int, columns: Int,
        vector: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            result[row] = dot(matrix + row * columns, vector, count: columns)
        }
    }
}

/// Eight elements from memory of any alignment.
@inline(__always)
func load8(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
    UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}
