// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(4, 2) on one axis: four outputs of a two-tap filter by five products.
///
/// Interpolation points 0, 1, -1, 1/2 and infinity.
public enum WinogradF4x2: WinogradAxis {
    /// Outputs of one tile.
    public static var outputs: Int { 4 }
    /// Products, and inputs, of one tile.
    public static var points: Int { 5 }

    // In one module alone: arrays bring code that the linker would share between the two.
    #if !AVX512
    /// The finite interpolation points, in the order of the products.
    public static var nodes: [Double] { [0, 1, -1, 0.5] }
    #endif

    @inline(__always)
    static func transformInput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (d1, d2, d3) = (load(1), load(2), load(3))
        let difference = d3 - d1
        store(0, difference.adding(load(0) - d2, times: 0.5))
        store(1, d3.adding(d2 - d1, times: 0.5))
        store(2, d3.adding(d2, times: -1.5).adding(d1, times: 0.5))
        store(3, difference)
        store(4, (load(4) - d2).adding(difference, times: -0.5))
    }

    @inline(__always)
    static func transformOutput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (m1, m2, m3) = (load(1), load(2), load(3))
        let (sum, difference) = (m1 + m2, m1 - m2)
        store(0, load(0) + sum + m3)
        store(1, difference.adding(m3, times: 0.5))
        store(2, sum.adding(m3, times: 0.25))
        store(3, (difference + load(4)).adding(m3, times: 0.125))
    }
}
