// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// The 81 factors of one tile of the up-sampling convolution by F(4, 2).
///
/// - Parameters:
///   - x: the tile's first input, one row above and one column left of its first position; 5x5 pixels are read
///   - styles: factors of the channels
///   - factors: those of the whole block
///   - tile: the tile's number in its block, whose layout is `layout`
@inline(never)
public func transformUpsamplingInput(
    x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
    factors: UnsafeMutablePointer<Float>, tile: Int, layout: UpsamplingLayout
) {
    let channels = grid.channels
    let (pointStride, positionStride) = (layout.pointStride, layout.positionStride)
    let evenEven = factors + (layout.phases.0 &+ tile &* channels)
    let evenOdd = factors + (layout.phases.1 &+ 4 &* tile &* channels)
    let oddEven = factors + (layout.phases.2 &+ 4 &* tile &* channels)
    let oddOdd = factors + (layout.phases.3 &+ 16 &* tile &* channels)
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 45) { memory in
        guard let scaled = memory.baseAddress else { return }
        // Rows 1 to 4 as they are, and all rows transformed along their columns.
        let rows = scaled + 20
        var channel = 0
        while channel < channels {
            let style = Lanes(styles + channel)
            for column in 0..<5 {
                let source = x + column &* channels + channel
                let position = (column &- 1) &* channels &+ channel
                WinogradF4x2.transformInput(
                    load: { row in
                        let value = Lanes(source + row &* grid.rowStride) * style
                        if row > 0 {
                            scaled[5 &* (row &- 1) &+ column] = value
                            if column > 0 {
                                value.store(oddOdd + 4 &* (row &- 1) &* channels + position)
                            }
                        }
                        return value
                    },
                    store: { point, value in
                        rows[5 &* point &+ column] = value
                        if column > 0 {
                            value.store(evenOdd + point &* positionStride + position)
                        }
                    })
            }
            for row in 0..<5 {
                let values = rows + 5 &* row
                let target = evenEven + 5 &* row &* pointStride + channel
                WinogradF4x2.transformInput(
                    load: { values[$0] }, store: { $1.store(target + $0 &* pointStride) })
            }
            for row in 0..<4 {
                let values = scaled + 5 &* row
                let target = oddEven + row &* channels + channel
                WinogradF4x2.transformInput(
                    load: { values[$0] }, store: { $1.store(target + $0 &* positionStride) })
            }
            channel &+= Lanes.count
        }
    }
}

/// The 8x8 values of t of one tile.
///
/// - Parameters:
///   - sums: products of the whole block
///   - tile: the tile's number in its block, whose layout is `layout`
///   - t: the tile's first value
@inline(never)
public func transformUpsamplingOutput(
    sums: UnsafePointer<Float>, tile: Int, layout: UpsamplingLayout, t: UnsafeMutablePointer<Float>, grid: PixelGrid
) {
    let channels = grid.channels
    let (pointStride, positionStride) = (layout.pointStride, layout.positionStride)
    let evenEven = sums + (layout.phases.0 &+ tile &* channels)
    let evenOdd = sums + (layout.phases.1 &+ 4 &* tile &* channels)
    let oddEven = sums + (layout.phases.2 &+ 4 &* tile &* channels)
    let oddOdd = sums + (layout.phases.3 &+ 16 &* tile &* channels)
    let (rowStep, columnStep) = (2 &* grid.rowStride, 2 &* channels)
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 20) { memory in
        guard let values = memory.baseAddress else { return }
        var channel = 0
        while channel < channels {
            let corner = t + channel
            for point in 0..<5 {
                let source = evenEven + point &* pointStride + channel
                WinogradF4x2.transformOutput(
                    load: { Lanes(source + 5 &* $0 &* pointStride) }, store: { values[5 &* $0 &+ point] = $1 })
            }
            for row in 0..<4 {
                let source = values + 5 &* row
                let target = corner + row &* rowStep
                WinogradF4x2.transformOutput(
                    load: { source[$0] }, store: { $1.store(target + $0 &* columnStep) })
            }
            for column in 0..<4 {
                let source = evenOdd + column &* channels + channel
                let target = corner + column &* columnStep + channels
                WinogradF4x2.transformOutput(
                    load: { Lanes(source + $0 &* positionStride) }, store: { $1.store(target + $0 &* rowStep) })
            }
            for row in 0..<4 {
                let source = oddEven + row &* channels + channel
                let target = corner + grid.rowStride + row &* rowStep
                WinogradF4x2.transformOutput(
                    load: { Lanes(source + $0 &* positionStride) }, store: { $1.store(target + $0 &* columnStep) })
            }
            for row in 0..<4 {
                let source = oddOdd + 4 &* row &* channels + channel
                let target = corner + grid.rowStride + row &* rowStep + channels
                for column in 0..<4 {
                    Lanes(source + column &* channels).store(target + column &* columnStep)
                }
            }
            channel &+= Lanes.count
        }
    }
}
