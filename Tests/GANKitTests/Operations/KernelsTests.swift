// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct KernelsTests {
    /// Row counts around the blocks of 6 and 12; one, two and three panels.
    @Test(arguments: [1, 2, 5, 6, 7, 11, 12, 13, 24, 31], [1, 2, 3])
    func matrixProductGivesTheBitsOfItsSlowTwinInEveryForm(rows: Int, panels: Int) {
        let inner = 37
        var random = RandomFloats(seed: 3)
        let a = random.next(rows * inner)
        let b = random.next(panels * inner * 16)
        var expected = [Float](repeating: 0, count: rows * panels * 16)
        for row in 0..<rows {
            for column in 0..<panels * 16 {
                for index in 0..<inner {
                    let weight = b[(column / 16 * inner + index) * 16 + column % 16]
                    expected[row * panels * 16 + column].addProduct(a[row * inner + index], weight)
                }
            }
        }
        for kernel in Kernels.available {
            var c = [Float](repeating: .nan, count: rows * panels * 16)
            Kernels.multiply(
                rows: rows, inner: inner, panels: panels, a: a, aStride: inner, b: b, c: &c, cStride: panels * 16,
                form: kernel)
            #expect(c == expected, "\(kernel)")
        }
    }
}
