// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Interpolation between inputs z, which lie near a sphere, along that sphere (Shoemake, "Animating rotation with quaternion
/// curves", 1985): inputs on the straight line between would be nearer to the middle than the network ever saw.
public enum SphericalInterpolation {
    /// A point on the arc between two inputs of one length, in parts of the angle between them:
    /// `(sin((1 - f) angle) a + sin(f angle) b) / sin(angle)`.
    ///
    /// Where both have the same or the opposite direction there is no single arc, and the point lies on the straight line.
    ///
    /// - Parameters:
    ///   - a: [zDim]
    ///   - b: [zDim]
    ///   - fraction: 0 is `a`, 1 is `b`; others go on around the circle
    public static func point(between a: [Float], and b: [Float], fraction: Double) -> [Float] {
        precondition(a.count == b.count, "\(a.count) elements and \(b.count)")
        let (first, second) = (a.map { Double($0) }, b.map { Double($0) })
        let angle = angle(first, second)
        let sine = sin(angle)
        var (firstWeight, secondWeight) = (1 - fraction, fraction)
        if sine > 1e-6 {
            firstWeight = sin((1 - fraction) * angle) / sine
            secondWeight = sin(fraction * angle) / sine
        }
        return zip(first, second).map { Float($0 * firstWeight + $1 * secondWeight) }
    }

    /// Kahan's formula, which is exact for small angles too.
    private static func angle(_ a: [Double], _ b: [Double]) -> Double {
        let (aLength, bLength) = (length(a), length(b))
        let scaled = zip(a, b).map { (a: $0 * bLength, b: $1 * aLength) }
        return 2 * atan2(length(scaled.map { $0.a - $0.b }), length(scaled.map { $0.a + $0.b }))
    }

    private static func length(_ x: [Double]) -> Double {
        x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
