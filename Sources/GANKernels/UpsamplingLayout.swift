// SPDX-License-Identifier: Apache-2.0

/// Where one tile's values lie in each phase of an up-sampling convolution, in a block of tiles.
///
/// The even-even phase has 25 points a tile, the mixed ones 5 points of 4 positions, the odd-odd one 16 positions: in this
/// order, [25, tiles], [5, tiles, 4], [5, tiles, 4], [tiles, 16], each of all channels. After the values of each point there
/// is a gap, since a distance of whole pages would put the values of a tile's points in one place of the cache.
public struct UpsamplingLayout: Sendable {
    /// Elements between the values of two points.
    public static let gap = 16

    /// Elements from a point to the next of the even-even phase.
    public let pointStride: Int
    /// Elements from a point to the next of the mixed phases.
    public let positionStride: Int
    /// Where the phases begin: even-even, even-odd, odd-even, odd-odd (row, column).
    public let phases: (Int, Int, Int, Int)
    /// Elements of the whole block.
    public let count: Int

    /// The layout of a block of `tiles` tiles.
    public init(tiles: Int, channels: Int) {
        pointStride = tiles * channels + Self.gap
        positionStride = 4 * tiles * channels + Self.gap
        let (evenOdd, oddEven) = (25 * pointStride, 25 * pointStride + 5 * positionStride)
        phases = (0, evenOdd, oddEven, oddEven + 5 * positionStride)
        count = phases.3 + 16 * tiles * channels
    }
}
