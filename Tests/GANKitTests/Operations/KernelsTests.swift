// SPDX-License-Identifier: Apache-2.0

import GANKernels
import TestSupport
import Testing

@testable import GANKit

struct KernelsTests {
    /// Counts around the blocks of six; filters along one axis, along the other, of both, and of one tap.
    @Test(arguments: [1, 2, 5, 6, 7, 12, 13], [(1, 5), (4, 1), (2, 3), (1, 1)])
    func filteredPixelsEqualTheirSlowTwin(count: Int, filter: (rows: Int, columns: Int)) {
        let (xStep, rowStride, columnStride, yStep) = (32, 800, 48, 64)
        var random = RandomFloats(seed: 4)
        let x = random.next(4000)
        let taps = random.next(filter.rows * filter.columns)
        var sums = [Float](repeating: 0, count: count * 16)
        for output in 0..<count {
            for lane in 0..<16 {
                for tap in taps.indices {
                    let (row, column) = (tap / filter.columns, tap % filter.columns)
                    sums[output * 16 + lane].addProduct(
                        x[output * xStep + row * rowStride + column * columnStride + lane], taps[tap])
                }
            }
        }
        let finishes: [(FilterFinish, (Float) -> Float)] = [
            (.store, { $0 }), (.add, { $0 + 7 }),
            (.activate(slope: 0.25, clamp: 0.5), { min(max($0 < 0 ? $0 * 0.25 : $0, -0.5), 0.5) }),
        ]
        for (finish, expected) in finishes {
            for form in Kernels.available {
                var y = [Float](repeating: 7, count: count * yStep)
                Kernels.filterPixels(
                    x: x, xStep: xStep, rowStride: rowStride, columnStride: columnStride, taps: taps,
                    tapRows: filter.rows, tapColumns: filter.columns, y: &y, yStep: yStep, count: count, finish: finish,
                    form: form)
                for index in y.indices {
                    let (output, lane) = index.quotientAndRemainder(dividingBy: yStep)
                    #expect(y[index] == (lane < 16 ? expected(sums[output * 16 + lane]) : 7), "\(form)")
                }
            }
        }
    }

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
