// SPDX-License-Identifier: Apache-2.0

/// A step along a direction.
public struct LatentEdit: Hashable, Sendable {
    /// Where to.
    public var direction: LatentDirection
    /// How far, in lengths of the direction.
    public var strength: Float
    /// The numbers of the w vectors that are moved; nil for all. Those that do not exist are left out.
    public var layers: ClosedRange<Int>?

    /// A step of all layers unless told.
    public init(direction: LatentDirection, strength: Float, layers: ClosedRange<Int>? = nil) {
        self.direction = direction
        self.strength = strength
        self.layers = layers
    }
}
