// SPDX-License-Identifier: Apache-2.0

/// Rows that are computed together, so that sums and weights fill the registers.
private let blockRows = 6

/// `c = a b` for `panels` blocks of 16 columns. Each element is a chain of fused multiply-adds in ascending order.
///
/// - Parameters:
///   - a: [rows, inner], rows `aStride` elements apart
///   - b: [panels, inner, 16]
///   - c: [rows, panels * 16], rows `cStride` elements apart; overwritten
@inline(never)
public func multiply(
    rows: Int, inner: Int, panels: Int,
    a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>,
    c: UnsafeMutablePointer<Float>, cStride: Int
) {
    for panel in 0..<panels {
        let weights = b + panel &* inner &* Lanes.count
        var row = 0
        while row < rows {
            block(
                rows: min(blockRows, rows &- row), inner: inner, a: a + row &* aStride, aStride: aStride,
                b: weights, c: c + row &* cStride + panel &* Lanes.count, cStride: cStride)
            row &+= blockRows
        }
    }
}

/// Up to six rows of one panel. Where there are fewer, the last row is computed again.
@inline(__always)
private func block(
    rows: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, cStride: Int
) {
    let last = rows &- 1
    let (row1, row2, row3, row4, row5) = (min(1, last), min(2, last), min(3, last), min(4, last), min(5, last))
    let (a1, a2, a3) = (a + row1 &* aStride, a + row2 &* aStride, a + row3 &* aStride)
    let (a4, a5) = (a + row4 &* aStride, a + row5 &* aStride)
    var (c0, c1, c2, c3, c4, c5) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var weights = b
    for index in 0..<inner {
        let w = Lanes(weights)
        c0 = c0.adding(w, times: a[index])
        c1 = c1.adding(w, times: a1[index])
        c2 = c2.adding(w, times: a2[index])
        c3 = c3.adding(w, times: a3[index])
        c4 = c4.adding(w, times: a4[index])
        c5 = c5.adding(w, times: a5[index])
        weights += Lanes.count
    }
    c0.store(c)
    c1.store(c + row1 &* cStride)
    c2.store(c + row2 &* cStride)
    c3.store(c + row3 &* cStride)
    c4.store(c + row4 &* cStride)
    c5.store(c + row5 &* cStride)
}
