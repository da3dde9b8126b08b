// SPDX-License-Identifier: Apache-2.0

/// An affine transform of the plane: the first two rows of a 3x3 matrix.
struct PlaneTransform: Equatable, Sendable {
    /// [[xx, xy, x], [yx, yy, y]]
    var xx, xy, x: Double
    var yx, yy, y: Double

    static func translation(x: Double, y: Double) -> PlaneTransform {
        PlaneTransform(xx: 1, xy: 0, x: x, yx: 0, yy: 1, y: y)
    }

    static func rotation(cosine: Double, sine: Double) -> PlaneTransform {
        PlaneTransform(xx: cosine, xy: -sine, x: 0, yx: sine, yy: cosine, y: 0)
    }

    /// First `b`, then `a`.
    static func * (a: PlaneTransform, b: PlaneTransform) -> PlaneTransform {
        PlaneTransform(
            xx: a.xx * b.xx + a.xy * b.yx, xy: a.xx * b.xy + a.xy * b.yy, x: a.xx * b.x + a.xy * b.y + a.x,
            yx: a.yx * b.xx + a.yy * b.yx, yy: a.yx * b.xy + a.yy * b.yy, y: a.yx * b.x + a.yy * b.y + a.y)
    }
}
