// SPDX-License-Identifier: Apache-2.0

#if AVX512
import GANKernels
#endif

/// The 36 factors of one tile of F(4x4, 3x3).
///
/// - Parameters:
///   - x: the tile's first input, one row above and one column left of its first output; 6x6 pixels are read
///   - styles: factors of the channels
///   - factors: where the first point's channels go
///   - pointStride: elements to the next point's
@inline(never)
public func transformConvolutionInput(
    x: UnsafePointer<Float>, grid: PixelGrid, styles: UnsafePointer<Float>,
    factors: UnsafeMutablePointer<Float>, pointStride: Int
) {
    let rowStride = grid.rowStride
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 36) { rows in
        for channel in stride(from: 0, to: grid.channels, by: Lanes.count) {
            let style = Lanes(styles + channel)
            for column in 0..<6 {
                let source = x + column &* grid.channels + channel
                let t = WinogradF4x3.transformInput(
                    Lanes(source) * style, Lanes(source + rowStride) * style,
                    Lanes(source + 2 &* rowStride) * style, Lanes(source + 3 &* rowStride) * style,
                    Lanes(source + 4 &* rowStride) * style, Lanes(source + 5 &* rowStride) * style)
                rows[column] = t.0
                rows[6 &+ column] = t.1
                rows[12 &+ column] = t.2
                rows[18 &+ column] = t.3
                rows[24 &+ column] = t.4
                rows[30 &+ column] = t.5
            }
            for row in 0..<6 {
                let r = 6 &* row
                let t = WinogradF4x3.transformInput(
                    rows[r], rows[r &+ 1], rows[r &+ 2], rows[r &+ 3], rows[r &+ 4], rows[r &+ 5])
                let target = factors + r &* pointStride + channel
                t.0.store(target)
                t.1.store(target + pointStride)
                t.2.store(target + 2 &* pointStride)
                t.3.store(target + 3 &* pointStride)
                t.4.store(target + 4 &* pointStride)
                t.5.store(target + 5 &* pointStride)
            }
        }
    }
}

/// The 4x4 outputs of one tile of F(4x4, 3x3).
///
/// - Parameters:
///   - products: the first point's channels
///   - pointStride: elements to the next point's
///   - y: the tile's first output
///   - pixel: the number of the tile's first pixel in the image, for its noise
///   - width: of the image
@inline(never)
public func transformConvolutionOutput(
    products: UnsafePointer<Float>, pointStride: Int, y: UnsafeMutablePointer<Float>, grid: PixelGrid,
    epilogue: ActivationEpilogue, pixel: Int, width: Int
) {
    let channels = grid.channels
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 24) { columns in
        for channel in stride(from: 0, to: channels, by: Lanes.count) {
            for point in 0..<6 {
                let source = products + point &* pointStride + channel
                let stride = 6 &* pointStride
                let t = WinogradF4x3.transformOutput(
                    Lanes(source), Lanes(source + stride), Lanes(source + 2 &* stride),
                    Lanes(source + 3 &* stride), Lanes(source + 4 &* stride), Lanes(source + 5 &* stride))
                columns[point] = t.0
                columns[6 &+ point] = t.1
                columns[12 &+ point] = t.2
                columns[18 &+ point] = t.3
            }
            for row in 0..<4 {
                let c = 6 &* row
                let t = WinogradF4x3.transformOutput(
                    columns[c], columns[c &+ 1], columns[c &+ 2], columns[c &+ 3], columns[c &+ 4], columns[c &+ 5])
                let first = pixel &+ row &* width
                let target = y + row &* grid.rowStride + channel
                epilogue(t.0, channel: channel, noise: epilogue.noise(at: first)).store(target)
                epilogue(t.1, channel: channel, noise: epilogue.noise(at: first &+ 1)).store(target + channels)
                epilogue(t.2, channel: channel, noise: epilogue.noise(at: first &+ 2)).store(target + 2 &* channels)
                epilogue(t.3, channel: channel, noise: epilogue.noise(at: first &+ 3)).store(target + 3 &* channels)
            }
        }
    }
}
