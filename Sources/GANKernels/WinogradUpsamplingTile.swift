// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// Where one tile's values lie in each phase of an up-sampling convolution, in a block of tiles.
///
/// The even-even phase has 25 points a tile, the mixed ones 5 points of 4 positions, the odd-odd one 16 positions: in this
/// order, [25, tiles], [5, tiles, 4], [5, tiles, 4], [tiles, 16], each of all channels.
private struct PhaseOffsets {
    let evenEven: Int
    let evenOdd: Int
    let oddEven: Int
    let oddOdd: Int
    /// Elements from a point to the next of the even-even phase.
    let pointStride: Int

    init(tile: Int, of tiles: Int, channels: Int) {
        evenEven = tile &* channels
        evenOdd = (25 &* tiles &+ 4 &* tile) &* channels
        oddEven = (45 &* tiles &+ 4 &* tile) &* channels
        oddOdd = (65 &* tiles &+ 16 &* tile) &* channels
        pointStride = tiles &* channels
    }
}

/// The 81 factors of one tile of the up-sampling convolution by F(4, 2).
///
/// - Parameters:
///   - x: the tile's first input, one row above and one column left of its first position; 5x5 pixels are read
///   - styles: factors of the channels
///   - factors: those of the whole block
///   - tile: the tile's number in its block of `tiles`
@inline(never)
public func transformUpsamplingInput(
    x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
    factors: UnsafeMutablePointer<Float>, tile: Int, of tiles: Int
) {
    let channels = grid.channels
    let offsets = PhaseOffsets(tile: tile, of: tiles, channels: channels)
    let pointStride = offsets.pointStride
    let evenEven = factors + offsets.evenEven
    let evenOdd = factors + offsets.evenOdd
    let oddEven = factors + offsets.oddEven
    let oddOdd = factors + offsets.oddOdd
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 50) { memory in
        guard let scaled = memory.baseAddress else { return }
        let rows = scaled + 25
        for channel in stride(from: 0, to: channels, by: Lanes.count) {
            let style = Lanes(styles + channel)
            for place in 0..<25 {
                let (row, column) = (place / 5, place % 5)
                scaled[place] =
                    Lanes(x + row &* grid.rowStride + column &* channels + channel) * style
            }
            for column in 0..<5 {
                let v = WinogradF4x2.transformInput(
                    scaled[column], scaled[5 &+ column], scaled[10 &+ column], scaled[15 &+ column],
                    scaled[20 &+ column])
                rows[column] = v.0
                rows[5 &+ column] = v.1
                rows[10 &+ column] = v.2
                rows[15 &+ column] = v.3
                rows[20 &+ column] = v.4
            }
            for row in 0..<5 {
                let r = rows + 5 &* row
                let v = WinogradF4x2.transformInput(r[0], r[1], r[2], r[3], r[4])
                let target = evenEven + 5 &* row &* pointStride + channel
                v.0.store(target)
                v.1.store(target + pointStride)
                v.2.store(target + 2 &* pointStride)
                v.3.store(target + 3 &* pointStride)
                v.4.store(target + 4 &* pointStride)
                for column in 0..<4 {
                    r[column &+ 1].store(evenOdd + 4 &* row &* pointStride + column &* channels + channel)
                }
            }
            for row in 0..<4 {
                let r = scaled + 5 &* (row &+ 1)
                let v = WinogradF4x2.transformInput(r[0], r[1], r[2], r[3], r[4])
                let target = oddEven + row &* channels + channel
                v.0.store(target)
                v.1.store(target + 4 &* pointStride)
                v.2.store(target + 8 &* pointStride)
                v.3.store(target + 12 &* pointStride)
                v.4.store(target + 16 &* pointStride)
                for column in 0..<4 {
                    r[column &+ 1].store(oddOdd + (4 &* row + column) &* channels + channel)
                }
            }
        }
    }
}

/// The 8x8 values of t of one tile.
///
/// - Parameters:
///   - sums: products of the whole block
///   - tile: the tile's number in its block of `tiles`
///   - t: the tile's first value
@inline(never)
public func transformUpsamplingOutput(
    sums: UnsafePointer<Float>, tile: Int, of tiles: Int, t: UnsafeMutablePointer<Float>, grid: PixelGrid
) {
    let channels = grid.channels
    let offsets = PhaseOffsets(tile: tile, of: tiles, channels: channels)
    let pointStride = offsets.pointStride
    let evenEven = sums + offsets.evenEven
    let evenOdd = sums + offsets.evenOdd
    let oddEven = sums + offsets.oddEven
    let oddOdd = sums + offsets.oddOdd
    let (corner, rowStride, pixelStride) = (t, grid.rowStride, channels)
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 16 + 20) { memory in
        guard let columns = memory.baseAddress else { return }
        let values = columns + 20
        /// Stores `values`, [4, 4], as the positions of one phase.
        func place(rowParity: Int, columnParity: Int, channel: Int) {
            for row in 0..<4 {
                let target = corner + (2 &* row + rowParity) &* rowStride + columnParity &* pixelStride + channel
                for column in 0..<4 {
                    values[4 &* row &+ column].store(target + 2 &* column &* pixelStride)
                }
            }
        }
        for channel in stride(from: 0, to: channels, by: Lanes.count) {
            for point in 0..<5 {
                let source = evenEven + point &* pointStride + channel
                let step = 5 &* pointStride
                let v = WinogradF4x2.transformOutput(
                    Lanes(source), Lanes(source + step), Lanes(source + 2 &* step), Lanes(source + 3 &* step),
                    Lanes(source + 4 &* step))
                columns[point] = v.0
                columns[5 &+ point] = v.1
                columns[10 &+ point] = v.2
                columns[15 &+ point] = v.3
            }
            for row in 0..<4 {
                let c = columns + 5 &* row
                (values[4 &* row], values[4 &* row &+ 1], values[4 &* row &+ 2], values[4 &* row &+ 3]) =
                    WinogradF4x2.transformOutput(c[0], c[1], c[2], c[3], c[4])
            }
            place(rowParity: 0, columnParity: 0, channel: channel)

            for column in 0..<4 {
                let source = evenOdd + column &* channels + channel
                let step = 4 &* pointStride
                (values[column], values[4 &+ column], values[8 &+ column], values[12 &+ column]) =
                    WinogradF4x2.transformOutput(
                        Lanes(source), Lanes(source + step), Lanes(source + 2 &* step),
                        Lanes(source + 3 &* step), Lanes(source + 4 &* step))
            }
            place(rowParity: 0, columnParity: 1, channel: channel)

            for row in 0..<4 {
                let source = oddEven + row &* channels + channel
                let step = 4 &* pointStride
                (values[4 &* row], values[4 &* row &+ 1], values[4 &* row &+ 2], values[4 &* row &+ 3]) =
                    WinogradF4x2.transformOutput(
                        Lanes(source), Lanes(source + step), Lanes(source + 2 &* step),
                        Lanes(source + 3 &* step), Lanes(source + 4 &* step))
            }
            place(rowParity: 1, columnParity: 0, channel: channel)

            for value in 0..<16 {
                values[value] = Lanes(oddOdd + value &* channels + channel)
            }
            place(rowParity: 1, columnParity: 1, channel: channel)
        }
    }
}
