// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(4, 2) on one axis: four outputs of a two-tap filter by five products.
///
/// Interpolation points 0, 1, -1, 1/2 and infinity.
public enum WinogradF4x2 {
    /// Outputs of one tile.
    public static let outputs = 4
    /// Products, and inputs, of one tile.
    public static let points = 5

    /// The finite interpolation points, in the order of the products.
    public static let nodes = (0.0, 1.0, -1.0, 0.5)

    /// Five inputs to five factors.
    @inline(__always)
    static func transformInput(
        _ d0: Lanes, _ d1: Lanes, _ d2: Lanes, _ d3: Lanes, _ d4: Lanes
    ) -> (Lanes, Lanes, Lanes, Lanes, Lanes) {
        (
            (d3 - d1).adding(d0 - d2, times: 0.5),
            d3.adding(d2 - d1, times: 0.5),
            d3.adding(d2, times: -1.5).adding(d1, times: 0.5),
            d3 - d1,
            (d4 - d2).adding(d1 - d3, times: 0.5)
        )
    }

    /// Five products to four outputs.
    @inline(__always)
    static func transformOutput(
        _ m0: Lanes, _ m1: Lanes, _ m2: Lanes, _ m3: Lanes, _ m4: Lanes
    ) -> (Lanes, Lanes, Lanes, Lanes) {
        let sum = m1 + m2
        let difference = m1 - m2
        return (
            m0 + sum + m3,
            difference.adding(m3, times: 0.5),
            sum.adding(m3, times: 0.25),
            (difference + m4).adding(m3, times: 0.125)
        )
    }
}
