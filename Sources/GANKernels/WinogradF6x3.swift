// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(6, 3) on one axis: six outputs of a three-tap filter by eight products.
///
/// The interpolation points are 0, ±1/2, ±1, ±2 and infinity. Of all symmetric ones in steps of 1/8 up to 2 none lose
/// noticeably less in Float32 (relative error of a layer's sums 3.4e-6, of F(4, 3) 0.8e-6), and as powers of two they cost
/// fewer operations.
public enum WinogradF6x3: WinogradAxis {
    /// Outputs of one tile.
    public static var outputs: Int { 6 }
    /// Products, and inputs, of one tile.
    public static var points: Int { 8 }

    // In one module alone: arrays bring code that the linker would share between the two.
    #if !AVX512
    /// The finite interpolation points, in the order of the products.
    public static var nodes: [Double] { [0, 0.5, -0.5, 1, -1, 2, -2] }
    #endif

    @inline(__always)
    static func transformInput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (d1, d2, d3, d4, d5, d6) = (load(1), load(2), load(3), load(4), load(5), load(6))
        store(0, (d6 - load(0)).adding(d2 - d4, times: 5.25))
        let evenA = d6.adding(d4, times: -5).adding(d2, times: 4)
        let oddA = d5.adding(d3, times: -5).adding(d1, times: 4)
        store(1, evenA.adding(oddA, times: 0.5))
        store(2, evenA.adding(oddA, times: -0.5))
        let evenB = (d6 + d2).adding(d4, times: -4.25)
        let oddB = (d5 + d1).adding(d3, times: -4.25)
        store(3, evenB + oddB)
        store(4, evenB - oddB)
        let evenC = d6.adding(d4, times: -1.25).adding(d2, times: 0.25)
        let oddC = d5.adding(d3, times: -1.25).adding(d1, times: 0.25)
        store(5, evenC.adding(oddC, times: 2))
        store(6, evenC.adding(oddC, times: -2))
        store(7, (load(7) - d1).adding(d3 - d5, times: 5.25))
    }

    @inline(__always)
    static func transformOutput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (m1, m2, m3, m4, m5, m6) = (load(1), load(2), load(3), load(4), load(5), load(6))
        let (sumA, differenceA) = (m1 + m2, m1 - m2)
        let (sumB, differenceB) = (m3 + m4, m3 - m4)
        let (sumC, differenceC) = (m5 + m6, m5 - m6)
        store(0, load(0) + sumA + (sumB + sumC))
        store(1, differenceB.adding(differenceA, times: 0.5).adding(differenceC, times: 2))
        store(2, sumB.adding(sumA, times: 0.25).adding(sumC, times: 4))
        store(3, differenceB.adding(differenceA, times: 0.125).adding(differenceC, times: 8))
        store(4, sumB.adding(sumA, times: 0.0625).adding(sumC, times: 16))
        store(5, (load(7) + differenceB).adding(differenceA, times: 0.03125).adding(differenceC, times: 32))
    }
}
