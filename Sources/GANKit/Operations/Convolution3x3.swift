// SPDX-License-Identifier: Apache-2.0

/// A 3x3 convolution with stride 1 and padding 1, as matrix products over tiles of pixels.
///
/// A tile's neighbourhoods are laid out as columns [I * 9, pixels] in a buffer that stays in cache, so the product
/// with the weights [O, I * 9] gives the tile's output [O, pixels].
struct Convolution3x3 {
    /// A tile's columns hold about this many elements: 1 MB.
    private static let columnElements = 1 << 18
    /// With fewer tiles than this the output channels are divided as well, so that several threads have work.
    private static let wantedPieces = 8

    let inputChannels: Int
    let outputChannels: Int
    let height: Int
    let width: Int
    /// [O, I, 3, 3]
    private let weight: Tensor

    init(weight: Tensor, height: Int, width: Int) {
        self.weight = weight
        self.height = height
        self.width = width
        outputChannels = weight.shape[0]
        inputChannels = weight.shape[1]
    }

    private var pixels: Int { height * width }
    private var columnHeight: Int { inputChannels * 9 }
    private var tilePixels: Int { min(pixels, max(64, Self.columnElements / columnHeight / 16 * 16)) }
    private var tileCount: Int { (pixels + tilePixels - 1) / tilePixels }
    private var channelBlocks: Int {
        min(max(1, outputChannels / 16), max(1, Self.wantedPieces / tileCount))
    }

    /// The elements of scratch memory that each thread needs.
    var scratchCount: Int { columnHeight * tilePixels }

    /// Convolves one image whose channels are scaled by `styles` first.
    ///
    /// - Parameters:
    ///   - x: [I, H, W]
    ///   - styles: [I]
    ///   - y: [O, H, W], overwritten
    ///   - finish: called for each piece of the output while it is in cache: pixels `start..<start + count` of `channel`
    func apply(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        scratch: [FloatBuffer], loop: ParallelLoop,
        finish: (_ row: UnsafeMutablePointer<Float>, _ channel: Int, _ start: Int, _ count: Int) -> Void
    ) {
        let blocks = channelBlocks
        weight.withUnsafeBufferPointer { elements in
            guard let weights = elements.baseAddress else { return }
            loop.run(tileCount * blocks) { piece, thread in
                let (tile, block) = piece.quotientAndRemainder(dividingBy: blocks)
                let start = tile * tilePixels
                let count = min(tilePixels, pixels - start)
                let firstChannel = outputChannels * block / blocks
                let lastChannel = outputChannels * (block + 1) / blocks
                let columns = scratch[thread].pointer
                gatherColumns(x: x, styles: styles, start: start, count: count, columns: columns)
                MatrixMultiply.multiply(
                    rows: lastChannel - firstChannel, columns: count, inner: columnHeight,
                    a: weights + firstChannel * columnHeight, aStride: columnHeight,
                    b: columns, bStride: count,
                    c: y + firstChannel * pixels + start, cStride: pixels)
                for channel in firstChannel..<lastChannel {
                    finish(y + channel * pixels + start, channel, start, count)
                }
            }
        }
    }

    /// Writes the scaled 3x3 neighbourhoods of pixels `start..<start + count` to `columns`, [I, 3, 3, count].
    private func gatherColumns(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, start: Int, count: Int,
        columns: UnsafeMutablePointer<Float>
    ) {
        var target = columns
        for channel in 0..<inputChannels {
            let plane = x + channel * pixels
            for rowOffset in -1...1 {
                for columnOffset in -1...1 {
                    gatherRow(
                        plane: plane, scale: styles[channel], rowOffset: rowOffset, columnOffset: columnOffset,
                        start: start, count: count, target: target)
                    target += count
                }
            }
        }
    }

    /// Writes the scaled pixels that lie (`rowOffset`, `columnOffset`) from pixels `start..<start + count`; zero outside.
    private func gatherRow(
        plane: UnsafePointer<Float>, scale: Float, rowOffset: Int, columnOffset: Int,
        start: Int, count: Int, target: UnsafeMutablePointer<Float>
    ) {
        var done = 0
        while done < count {
            let (row, column) = (start + done).quotientAndRemainder(dividingBy: width)
            let length = min(width - column, count - done)
            PaddedRow.copy(
                plane: plane, height: height, width: width,
                row: row + rowOffset, column: column + columnOffset,
                count: length, scale: scale, to: target + done)
            done += length
        }
    }
}
