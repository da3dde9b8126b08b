// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(4, 3) on one axis: four outputs of a three-tap filter by six products.
///
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016. The interpolation points are 0, ±3/4, ±3/2
/// and infinity, which in Float32 lose 60 % less than the usual 0, ±1, ±2 and infinity, and whose symmetry lets sums
/// and differences be shared.
public enum WinogradF4x3: WinogradAxis {
    /// Outputs of one tile.
    public static var outputs: Int { 4 }
    /// Products, and inputs, of one tile.
    public static var points: Int { 6 }

    // In one module alone: arrays bring code that the linker would share between the two.
    #if !AVX512
    /// The finite interpolation points, in the order of the products.
    public static var nodes: [Double] { [0, 0.75, -0.75, 1.5, -1.5] }
    #endif

    @inline(__always)
    static func transformInput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (d1, d2, d3, d4) = (load(1), load(2), load(3), load(4))
        store(0, d4.adding(d2, times: -2.8125).adding(load(0), times: 1.265625))
        let evenA = d4.adding(d2, times: -2.25)
        let oddA = d3.adding(d1, times: -2.25)
        store(1, evenA.adding(oddA, times: 0.75))
        store(2, evenA.adding(oddA, times: -0.75))
        let evenB = d4.adding(d2, times: -0.5625)
        let oddB = d3.adding(d1, times: -0.5625)
        store(3, evenB.adding(oddB, times: 1.5))
        store(4, evenB.adding(oddB, times: -1.5))
        store(5, load(5).adding(d3, times: -2.8125).adding(d1, times: 1.265625))
    }

    @inline(__always)
    static func transformOutput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (m1, m2, m3, m4) = (load(1), load(2), load(3), load(4))
        let (sumA, differenceA) = (m1 + m2, m1 - m2)
        let (sumB, differenceB) = (m3 + m4, m3 - m4)
        store(0, load(0) + sumA + sumB)
        store(1, (differenceB * 1.5).adding(differenceA, times: 0.75))
        store(2, (sumB * 2.25).adding(sumA, times: 0.5625))
        store(3, load(5).adding(differenceB, times: 3.375).adding(differenceA, times: 0.421875))
    }
}
