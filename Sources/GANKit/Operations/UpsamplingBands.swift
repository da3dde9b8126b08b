// SPDX-License-Identifier: Apache-2.0

/// An up-sampling convolution and its low-pass, band by band: a row of tiles makes eight rows of t, which are low-passed
/// while they are in the cache. As a whole t would go through the memory twice.
///
/// A thread takes some rows of tiles, one after the other, and keeps the last three rows of t for the next. Where the rows of
/// two threads meet, seven rows of t are kept for the rows of the output that need both.
struct UpsamplingBands: Sendable {
    /// Rows of t of one row of tiles.
    private static let tileRows = 2 * WinogradUpsampling3x3.tileSize
    /// Rows of t that the next row of tiles needs.
    private static let keptRows = 3
    /// The least rows of tiles that a thread takes at a time.
    private static let leastTileRows = 4
    /// The least tiles of a row: fewer would be too little for a matrix product.
    private static let leastTileColumns = 8

    private let convolution: WinogradUpsampling3x3
    private let lowPass: UpsamplingLowPass
    private let taps: SIMD4<Float>

    /// nil where the whole t is better: with other filters, on small maps, or where threads share the weights.
    init?(_ convolution: WinogradUpsampling3x3, _ lowPass: UpsamplingLowPass) {
        guard let taps = lowPass.pairTaps, !convolution.plan.sharesBlocks,
            convolution.tileColumns >= Self.leastTileColumns
        else {
            return nil
        }
        self.convolution = convolution
        self.lowPass = lowPass
        self.taps = taps
    }

    private var map: ActivationMap { convolution.intermediate }
    private var bandCount: Int { (Self.keptRows + Self.tileRows) * map.rowStride }
    private var scratchPerThread: Int { bandCount + convolution.plan.blockScratch }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        max(threads * scratchPerThread, convolution.rim.scratchCount(threads: threads))
    }

    /// Makes the output of images.
    ///
    /// - Parameter t: an intermediate map for each image, whose rim is zero
    func apply(
        _ images: [LayerImage], t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        convolution.rim.apply(images, t: t, scratch: scratch, loop: loop)
        let rows = convolution.tiles / convolution.tileColumns
        let step = max(Self.leastTileRows, rows / (4 * loop.threads))
        let chunks = (rows + step - 1) / step
        loop.run(images.count * chunks) { piece, thread in
            let (image, chunk) = piece.quotientAndRemainder(dividingBy: chunks)
            run(
                chunk * step..<min(rows, (chunk + 1) * step), of: images, image: image, t: t,
                memory: scratch + thread * scratchPerThread)
        }
        loop.run(images.count * chunks) { piece, _ in
            let (image, chunk) = piece.quotientAndRemainder(dividingBy: chunks)
            let seam = Self.tileRows * min(rows, (chunk + 1) * step)
            for row in stride(from: seam - 2, through: min(seam, lowPass.output.height - 2), by: 2) {
                lowPass.applyPair(row: row, taps, images[image], t: t + image * map.count)
            }
        }
    }

    /// Makes the output that some rows of tiles decide alone.
    private func run(
        _ rows: Range<Int>, of images: [LayerImage], image: Int, t: UnsafeMutablePointer<Float>,
        memory: UnsafeMutablePointer<Float>
    ) {
        let whole = t + image * map.count
        clearSides(memory)
        for row in rows {
            let first = Self.tileRows * row
            // Seen from here, the band lies where it belongs in the map.
            let band = memory - map.offset(row: first - Self.keptRows, column: -map.rimBefore)
            computeTiles(
                row, of: images, image: image, t: band - image * map.count, scratch: memory + bandCount)
            for index in first..<first + Self.tileRows {
                copy(row: index, columns: 2 * convolution.input.width..<map.width, from: whole, to: band)
            }
            let begins = row == rows.lowerBound
            if begins && row > 0 {
                for index in first...first + Self.keptRows {
                    copy(row: index, columns: 0..<2 * convolution.input.width, from: band, to: whole)
                }
            }
            if row == rows.upperBound - 1 {
                for index in first + Self.tileRows - Self.keptRows..<first + Self.tileRows {
                    copy(row: index, columns: 0..<2 * convolution.input.width, from: band, to: whole)
                }
            }
            let firstPair = begins ? (row == 0 ? 0 : first + 2) : first - 2
            for pair in stride(from: firstPair, through: first + Self.tileRows - 4, by: 2) {
                lowPass.applyPair(row: pair, taps, images[image], t: band)
            }
            memory.update(from: memory + Self.tileRows * map.rowStride, count: Self.keptRows * map.rowStride)
        }
    }

    /// Zeros left and right of the band, and above it.
    private func clearSides(_ memory: UnsafeMutablePointer<Float>) {
        memory.update(repeating: 0, count: Self.keptRows * map.rowStride)
        for row in Self.keptRows..<Self.keptRows + Self.tileRows {
            let start = memory + row * map.rowStride
            start.update(repeating: 0, count: map.rimBefore * map.channels)
            (start + (map.rimBefore + map.width) * map.channels)
                .update(repeating: 0, count: map.rimAfter * map.channels)
        }
    }

    /// The t of one row of tiles but for its last column, in blocks of nearly the same size.
    private func computeTiles(
        _ row: Int, of images: [LayerImage], image: Int, t: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let columns = convolution.tileColumns
        let blocks = (columns + convolution.plan.blockTiles - 1) / convolution.plan.blockTiles
        let start = image * convolution.tiles + row * columns
        for block in 0..<blocks {
            convolution.run(
                start + block * columns / blocks..<start + (block + 1) * columns / blocks, of: images, t: t,
                scratch: scratch, loop: ParallelLoop(threads: 1))
        }
    }

    private func copy(
        row: Int, columns: Range<Int>, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>
    ) {
        let offset = map.offset(row: row, column: columns.lowerBound)
        (target + offset).update(from: source + offset, count: columns.count * map.channels)
    }
}
