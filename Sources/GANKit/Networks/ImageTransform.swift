// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How StyleGAN3 moves and turns its picture: the `--translate` and `--rotate` of the official script.
public struct ImageTransform: Hashable, Sendable {
    /// To the right, in pictures.
    public var translateX: Double
    /// Down, in pictures.
    public var translateY: Double
    /// Counter-clockwise.
    public var rotationDegrees: Double

    /// Neither moved nor turned unless told.
    public init(translateX: Double = 0, translateY: Double = 0, rotationDegrees: Double = 0) {
        self.translateX = translateX
        self.translateY = translateY
        self.rotationDegrees = rotationDegrees
    }

    /// Whether every number is finite.
    var isFinite: Bool { translateX.isFinite && translateY.isFinite && rotationDegrees.isFinite }

    /// Where each place of the picture comes from: the inverse of turning, then moving.
    var inverse: PlaneTransform {
        let angle = rotationDegrees * Double.pi / 180
        return PlaneTransform.rotation(cosine: cos(angle), sine: sin(angle))
            * PlaneTransform.translation(x: -translateX, y: -translateY)
    }
}
