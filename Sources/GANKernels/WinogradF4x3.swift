// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(4, 3) on one axis: four outputs of a three-tap filter by six products.
///
/// Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016. The interpolation points are 0, ±3/4, ±3/2
/// and infinity, which in Float32 lose 60 % less than the usual 0, ±1, ±2 and infinity, and whose symmetry lets sums
/// and differences be shared.
public enum WinogradF4x3 {
    /// Outputs of one tile.
    public static let outputs = 4
    /// Products, and inputs, of one tile.
    public static let points = 6

    /// The finite interpolation points, in the order of the products.
    public static let nodes = (0.0, a, -a, b, -b)

    private static let a = 0.75
    private static let b = 1.5
    private static let (a1, a2, a3) = (Float(a), Float(a * a), Float(a * a * a))
    private static let (b1, b2, b3) = (Float(b), Float(b * b), Float(b * b * b))
    private static let product = Float(a * a * b * b)
    private static let sum = Float(a * a + b * b)

    /// Six inputs to six factors.
    @inline(__always)
    static func transformInput(
        _ d0: Lanes, _ d1: Lanes, _ d2: Lanes, _ d3: Lanes, _ d4: Lanes, _ d5: Lanes
    ) -> (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes) {
        let evenA = d4.adding(d2, times: -b2)
        let oddA = d3.adding(d1, times: -b2)
        let evenB = d4.adding(d2, times: -a2)
        let oddB = d3.adding(d1, times: -a2)
        return (
            d4.adding(d2, times: -sum).adding(d0, times: product),
            evenA.adding(oddA, times: a1), evenA.adding(oddA, times: -a1),
            evenB.adding(oddB, times: b1), evenB.adding(oddB, times: -b1),
            d5.adding(d3, times: -sum).adding(d1, times: product)
        )
    }

    /// Six products to four outputs.
    @inline(__always)
    static func transformOutput(
        _ m0: Lanes, _ m1: Lanes, _ m2: Lanes, _ m3: Lanes, _ m4: Lanes, _ m5: Lanes
    ) -> (Lanes, Lanes, Lanes, Lanes) {
        let sumA = m1 + m2
        let differenceA = m1 - m2
        let sumB = m3 + m4
        let differenceB = m3 - m4
        return (
            m0 + sumA + sumB,
            (differenceB * b1).adding(differenceA, times: a1),
            (sumB * b2).adding(sumA, times: a2),
            m5.adding(differenceB, times: b3).adding(differenceA, times: a3)
        )
    }
}
