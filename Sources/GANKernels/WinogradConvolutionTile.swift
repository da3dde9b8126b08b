// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// The factors of one tile of a convolution by F(2x2, 3x3), F(4x4, 3x3) or F(6x6, 3x3).
///
/// - Parameters:
///   - outputs: of a tile on an axis: 2, 4 or 6
///   - x: the tile's first input, one row above and one column left of its first output; `outputs` + 2 rows and columns are
///     read
///   - styles: factors of the channels
///   - factors: where the first point's channels go
///   - pointStride: elements to the next point's
@inline(never)
public func transformConvolutionInput(
    outputs: Int, x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
    factors: UnsafeMutablePointer<Float>, pointStride: Int
) {
    switch outputs {
    case WinogradF2x3.outputs:
        transformInput(WinogradF2x3.self, x: x, grid: grid, styles: styles, factors: factors, pointStride: pointStride)
    case WinogradF4x3.outputs:
        transformInput(WinogradF4x3.self, x: x, grid: grid, styles: styles, factors: factors, pointStride: pointStride)
    default:
        transformInput(WinogradF6x3.self, x: x, grid: grid, styles: styles, factors: factors, pointStride: pointStride)
    }
}

@inline(__always)
private func transformInput<Axis: WinogradAxis>(
    _: Axis.Type, x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
    factors: UnsafeMutablePointer<Float>, pointStride: Int
) {
    let (points, rowStride) = (Axis.points, grid.rowStride)
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: points &* points) { memory in
        guard let rows = memory.baseAddress else { return }
        var channel = 0
        while channel < grid.channels {
            let style = Lanes(styles + channel)
            for column in 0..<points {
                let source = x + column &* grid.channels + channel
                Axis.transformInput(
                    load: { Lanes(source + $0 &* rowStride) * style }, store: { rows[$0 &* points &+ column] = $1 })
            }
            for row in 0..<points {
                let values = rows + row &* points
                let target = factors + row &* points &* pointStride + channel
                Axis.transformInput(load: { values[$0] }, store: { $1.store(target + $0 &* pointStride) })
            }
            channel &+= Lanes.count
        }
    }
}

/// The outputs of one tile of a convolution by F(2x2, 3x3), F(4x4, 3x3) or F(6x6, 3x3).
///
/// - Parameters:
///   - outputs: of a tile on an axis: 2, 4 or 6
///   - products: the first point's channels
///   - pointStride: elements to the next point's
///   - y: the tile's first output
///   - rows: those of the tile that belong to the image, and are written
///   - columns: likewise
///   - pixel: the number of the tile's first pixel in the image, for its noise
///   - width: of the image
@inline(never)
public func transformConvolutionOutput(
    outputs: Int, products: UnsafePointer<Float>, pointStride: Int, y: UnsafeMutablePointer<Float>, grid: PixelGrid,
    rows: Int, columns: Int, epilogue: ActivationEpilogue, pixel: Int, width: Int
) {
    switch outputs {
    case WinogradF2x3.outputs:
        transformOutput(
            WinogradF2x3.self, products: products, pointStride: pointStride, y: y, grid: grid, rows: rows,
            columns: columns, epilogue: epilogue, pixel: pixel, width: width)
    case WinogradF4x3.outputs:
        transformOutput(
            WinogradF4x3.self, products: products, pointStride: pointStride, y: y, grid: grid, rows: rows,
            columns: columns, epilogue: epilogue, pixel: pixel, width: width)
    default:
        transformOutput(
            WinogradF6x3.self, products: products, pointStride: pointStride, y: y, grid: grid, rows: rows,
            columns: columns, epilogue: epilogue, pixel: pixel, width: width)
    }
}

@inline(__always)
private func transformOutput<Axis: WinogradAxis>(
    _: Axis.Type, products: UnsafePointer<Float>, pointStride: Int, y: UnsafeMutablePointer<Float>, grid: PixelGrid,
    rows: Int, columns: Int, epilogue: ActivationEpilogue, pixel: Int, width: Int
) {
    let (points, channels) = (Axis.points, grid.channels)
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: Axis.outputs &* points) { memory in
        guard let values = memory.baseAddress else { return }
        var channel = 0
        while channel < channels {
            for point in 0..<points {
                let source = products + point &* pointStride + channel
                Axis.transformOutput(
                    load: { Lanes(source + $0 &* points &* pointStride) },
                    store: { values[$0 &* points &+ point] = $1 })
            }
            let finish = LaneEpilogue(epilogue, channel: channel)
            for row in 0..<rows {
                let source = values + row &* points
                let target = y + row &* grid.rowStride + channel
                let first = pixel &+ row &* width
                Axis.transformOutput(
                    load: { source[$0] },
                    store: { column, sum in
                        if column < columns {
                            finish(sum, pixel: first &+ column).store(target + column &* channels)
                        }
                    })
            }
            channel &+= Lanes.count
        }
    }
}
