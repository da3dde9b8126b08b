// SPDX-License-Identifier: Apache-2.0

// The 512-bit form of GANKernels' file of the same name: 32 wide registers hold the sums of twelve rows of two panels.

private let blockRows = 12

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
    let panelCount = inner &* 16
    var panel = 0
    while panel < panels {
        let weights = b + panel &* panelCount
        let isPair = panel &+ 1 < panels
        var row = 0
        while row < rows {
            let count = min(blockRows, rows &- row)
            let (source, target) = (a + row &* aStride, c + row &* cStride + panel &* 16)
            if isPair {
                pair(
                    rows: count, inner: inner, a: source, aStride: aStride, b: weights, panelCount: panelCount,
                    c: target, cStride: cStride)
            } else {
                single(rows: count, inner: inner, a: source, aStride: aStride, b: weights, c: target, cStride: cStride)
            }
            row &+= blockRows
        }
        panel &+= 2
    }
}

/// One row of a pair of panels.
private struct Sums {
    var low = Lanes.zero
    var high = Lanes.zero

    @inline(__always)
    mutating func add(_ factor: Float, _ weights: (low: Lanes, high: Lanes)) {
        low.addProduct(Lanes(repeating: factor), weights.low)
        high.addProduct(Lanes(repeating: factor), weights.high)
    }

    @inline(__always)
    func save(_ pointer: UnsafeMutablePointer<Float>) {
        low.store(pointer)
        high.store(pointer + 16)
    }
}

/// Where up to twelve rows begin; beyond the last one the last one is repeated.
private struct Rows {
    let r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11: Int

    @inline(__always)
    init(count: Int, stride: Int) {
        let last = count &- 1
        r0 = 0
        r1 = min(1, last) &* stride
        r2 = min(2, last) &* stride
        r3 = min(3, last) &* stride
        r4 = min(4, last) &* stride
        r5 = min(5, last) &* stride
        r6 = min(6, last) &* stride
        r7 = min(7, last) &* stride
        r8 = min(8, last) &* stride
        r9 = min(9, last) &* stride
        r10 = min(10, last) &* stride
        r11 = min(11, last) &* stride
    }
}

@inline(__always)
private func pair(
    rows: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, panelCount: Int, c: UnsafeMutablePointer<Float>, cStride: Int
) {
    let source = Rows(count: rows, stride: aStride)
    let a0 = a + source.r0
    let a1 = a + source.r1
    let a2 = a + source.r2
    let a3 = a + source.r3
    let a4 = a + source.r4
    let a5 = a + source.r5
    let a6 = a + source.r6
    let a7 = a + source.r7
    let a8 = a + source.r8
    let a9 = a + source.r9
    let a10 = a + source.r10
    let a11 = a + source.r11
    var (s0, s1, s2, s3, s4, s5) = (Sums(), Sums(), Sums(), Sums(), Sums(), Sums())
    var (s6, s7, s8, s9, s10, s11) = (Sums(), Sums(), Sums(), Sums(), Sums(), Sums())
    var weights = b
    for index in 0..<inner {
        let w = (low: Lanes(weights), high: Lanes(weights + panelCount))
        s0.add(a0[index], w)
        s1.add(a1[index], w)
        s2.add(a2[index], w)
        s3.add(a3[index], w)
        s4.add(a4[index], w)
        s5.add(a5[index], w)
        s6.add(a6[index], w)
        s7.add(a7[index], w)
        s8.add(a8[index], w)
        s9.add(a9[index], w)
        s10.add(a10[index], w)
        s11.add(a11[index], w)
        weights += 16
    }
    let target = Rows(count: rows, stride: cStride)
    s0.save(c + target.r0)
    s1.save(c + target.r1)
    s2.save(c + target.r2)
    s3.save(c + target.r3)
    s4.save(c + target.r4)
    s5.save(c + target.r5)
    s6.save(c + target.r6)
    s7.save(c + target.r7)
    s8.save(c + target.r8)
    s9.save(c + target.r9)
    s10.save(c + target.r10)
    s11.save(c + target.r11)
}

@inline(__always)
private func single(
    rows: Int, inner: Int, a: UnsafePointer<Float>, aStride: Int,
    b: UnsafePointer<Float>, c: UnsafeMutablePointer<Float>, cStride: Int
) {
    let source = Rows(count: rows, stride: aStride)
    let a0 = a + source.r0
    let a1 = a + source.r1
    let a2 = a + source.r2
    let a3 = a + source.r3
    let a4 = a + source.r4
    let a5 = a + source.r5
    let a6 = a + source.r6
    let a7 = a + source.r7
    let a8 = a + source.r8
    let a9 = a + source.r9
    let a10 = a + source.r10
    let a11 = a + source.r11
    var (s0, s1, s2, s3, s4, s5) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var (s6, s7, s8, s9, s10, s11) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    var weights = b
    for index in 0..<inner {
        let w = Lanes(weights)
        s0.addProduct(Lanes(repeating: a0[index]), w)
        s1.addProduct(Lanes(repeating: a1[index]), w)
        s2.addProduct(Lanes(repeating: a2[index]), w)
        s3.addProduct(Lanes(repeating: a3[index]), w)
        s4.addProduct(Lanes(repeating: a4[index]), w)
        s5.addProduct(Lanes(repeating: a5[index]), w)
        s6.addProduct(Lanes(repeating: a6[index]), w)
        s7.addProduct(Lanes(repeating: a7[index]), w)
        s8.addProduct(Lanes(repeating: a8[index]), w)
        s9.addProduct(Lanes(repeating: a9[index]), w)
        s10.addProduct(Lanes(repeating: a10[index]), w)
        s11.addProduct(Lanes(repeating: a11[index]), w)
        weights += 16
    }
    let target = Rows(count: rows, stride: cStride)
    s0.store(c + target.r0)
    s1.store(c + target.r1)
    s2.store(c + target.r2)
    s3.store(c + target.r3)
    s4.store(c + target.r4)
    s5.store(c + target.r5)
    s6.store(c + target.r6)
    s7.store(c + target.r7)
    s8.store(c + target.r8)
    s9.store(c + target.r9)
    s10.store(c + target.r10)
    s11.store(c + target.r11)
}
