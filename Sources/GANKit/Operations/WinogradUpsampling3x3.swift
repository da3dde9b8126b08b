// SPDX-License-Identifier: Apache-2.0

/// The transposed convolution of `UpsamplingPhase` with Winograd's F(4, 2) along every axis of two taps: 81 products a
/// tile of 4x4 inputs instead of 144.
///
/// A tile's 5x5 inputs become 25 factors of the even-even phase, 5x4 and 4x5 of the mixed ones and 4x4 of the odd-odd one.
/// Along an axis of one tap all four positions meet the same weights, so they are rows of one matrix product.
struct WinogradUpsampling3x3: Sendable {
    typealias Axis = WinogradF4x2
    static let tileSize = Axis.outputs
    /// Factors of one tile.
    static let points = 25 + 20 + 20 + 16

    /// A matrix product: which weights meet which rows of the factors.
    private struct Product {
        let phase: Int
        let matrix: Int
        /// In units of the block's tiles.
        let firstRow: Int
        let rows: Int
    }

    /// The larger ones come first, which balances the threads.
    private static let products: [Product] =
        (0..<4).map { Product(phase: 3, matrix: 0, firstRow: 65 + 4 * $0, rows: 4) }
        + (0..<5).map { Product(phase: 1, matrix: $0, firstRow: 25 + 4 * $0, rows: 4) }
        + (0..<5).map { Product(phase: 2, matrix: $0, firstRow: 45 + 4 * $0, rows: 4) }
        + (0..<25).map { Product(phase: 0, matrix: $0, firstRow: $0, rows: 1) }

    let input: ActivationMap
    let intermediate: ActivationMap
    /// Even-even, even-odd, odd-even, odd-odd (row, column).
    private let weights: [PackedWeights]
    private let blockTiles: Int
    private let sharesBlocks: Bool

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - height: of the input, a multiple of 4
    ///   - width: of the input, a multiple of 4
    ///   - maxBatch: the most images that go through together
    init(weight: Tensor, height: Int, width: Int, maxBatch: Int, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        intermediate = UpsamplingPhase.intermediate(of: input, outputs: outputs)
        let even = WinogradWeights.Axis(matrix: Axis.filterMatrix, taps: UpsamplingPhase.evenTaps)
        let odd = WinogradWeights.Axis.single(UpsamplingPhase.oddTap)
        weights = [(even, even), (even, odd), (odd, even), (odd, odd)].map { rows, columns in
            WinogradWeights.pack(weight, inputs: inputs, outputs: outputs, rows: rows, columns: columns, loop: loop)
        }
        let tiles = (height / Self.tileSize + 1) * (width / Self.tileSize + 1)
        let plan = BlockPlan(
            tiles: tiles, maxBatch: maxBatch, weightCount: weights.reduce(0) { $0 + $1.count },
            pointsPerTile: Self.points, inputs: input.channels, outputs: intermediate.channels)
        blockTiles = plan.blockTiles
        sharesBlocks = plan.sharesBlocks
    }

    private var tileColumns: Int { input.width / Self.tileSize + 1 }
    /// Of one image.
    private var tiles: Int { (input.height / Self.tileSize + 1) * tileColumns }

    /// Elements of scratch memory for one block.
    private var blockScratch: Int { Self.points * blockTiles * (input.channels + intermediate.channels) }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        sharesBlocks ? blockScratch : threads * blockScratch
    }

    /// Computes t of images, whose tiles follow each other as if they were one image's; see `DirectUpsampling3x3.apply`.
    func apply(
        _ images: [LayerImage], t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        let allTiles = images.count * tiles
        let blocks = (allTiles + blockTiles - 1) / blockTiles
        func range(_ block: Int) -> Range<Int> {
            block * blockTiles..<min(allTiles, (block + 1) * blockTiles)
        }
        if sharesBlocks {
            for block in 0..<blocks {
                run(range(block), of: images, t: t, scratch: scratch, loop: loop)
            }
        } else {
            loop.run(blocks) { block, thread in
                run(
                    range(block), of: images, t: t, scratch: scratch + thread * blockScratch,
                    loop: ParallelLoop(threads: 1))
            }
        }
    }

    private func run(
        _ tiles: Range<Int>, of images: [LayerImage], t: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let count = tiles.count
        let factors = scratch
        let sums = scratch + Self.points * count * input.channels
        loop.run(count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            transformInput(tile: tile, of: images[image], index: index, count: count, factors: factors)
        }
        loop.run(Self.products.count) { index, _ in
            let product = Self.products[index]
            let weights = self.weights[product.phase]
            weights.withPointer { elements in
                MatrixKernel.multiply(
                    rows: product.rows * count, inner: input.channels, panels: weights.panels,
                    a: factors + product.firstRow * count * input.channels, aStride: input.channels,
                    b: elements + product.matrix * weights.matrixCount,
                    c: sums + product.firstRow * count * intermediate.channels, cStride: intermediate.channels)
            }
        }
        loop.run(count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            transformOutput(
                tile: tile, index: index, count: count, sums: sums, t: t + image * intermediate.count)
        }
    }

    private func transformInput(
        tile: Int, of image: LayerImage, index: Int, count: Int, factors: UnsafeMutablePointer<Float>
    ) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let corner = image.x + input.offset(row: tileRow * Self.tileSize - 1, column: tileColumn * Self.tileSize - 1)
        let channels = input.channels
        // First factor of the tile in each phase, and the distance between points.
        let evenEven = factors + index &* channels
        let pointStride = count &* channels
        let evenOdd = factors + (25 &* count + 4 &* index) &* channels
        let oddEven = factors + (45 &* count + 4 &* index) &* channels
        let oddOdd = factors + (65 &* count + 16 &* index) &* channels
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 50) { memory in
            guard let scaled = memory.baseAddress else { return }
            let rows = scaled + 25
            for channel in stride(from: 0, to: channels, by: Lanes.count) {
                let style = Lanes(image.styles + channel)
                for place in 0..<25 {
                    let (row, column) = (place / 5, place % 5)
                    scaled[place] =
                        Lanes(corner + row &* input.rowStride + column &* channels + channel) * style
                }
                for column in 0..<5 {
                    let v = Axis.transformInput(
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
                    let v = Axis.transformInput(r[0], r[1], r[2], r[3], r[4])
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
                    let v = Axis.transformInput(r[0], r[1], r[2], r[3], r[4])
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

    private func transformOutput(
        tile: Int, index: Int, count: Int, sums: UnsafePointer<Float>, t: UnsafeMutablePointer<Float>
    ) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let channels = intermediate.channels
        let (row, column) = (tileRow * Self.tileSize, tileColumn * Self.tileSize)
        // Positions beyond H and W do not exist.
        let rowCount = min(Self.tileSize, input.height + 1 - row)
        let columnCount = min(Self.tileSize, input.width + 1 - column)
        let pointStride = count &* channels
        let evenEven = sums + index &* channels
        let evenOdd = sums + (25 &* count &+ 4 &* index) &* channels
        let oddEven = sums + (45 &* count &+ 4 &* index) &* channels
        let oddOdd = sums + (65 &* count &+ 16 &* index) &* channels
        let corner = t + intermediate.offset(row: 2 * row, column: 2 * column)
        let (rowStride, pixelStride) = (intermediate.rowStride, channels)
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 16 + 20) { memory in
            guard let columns = memory.baseAddress else { return }
            let values = columns + 20
            /// Stores `values`, [4, 4], as the positions of one phase.
            func place(rowParity: Int, columnParity: Int, channel: Int) {
                for row in 0..<rowCount {
                    let target = corner + (2 &* row + rowParity) &* rowStride + columnParity &* pixelStride + channel
                    for column in 0..<columnCount {
                        values[4 &* row &+ column].store(target + 2 &* column &* pixelStride)
                    }
                }
            }
            for channel in stride(from: 0, to: channels, by: Lanes.count) {
                for point in 0..<5 {
                    let source = evenEven + point &* pointStride + channel
                    let step = 5 &* pointStride
                    let v = Axis.transformOutput(
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
                        Axis.transformOutput(c[0], c[1], c[2], c[3], c[4])
                }
                place(rowParity: 0, columnParity: 0, channel: channel)

                for column in 0..<4 {
                    let source = evenOdd + column &* channels + channel
                    let step = 4 &* pointStride
                    (values[column], values[4 &+ column], values[8 &+ column], values[12 &+ column]) =
                        Axis.transformOutput(
                            Lanes(source), Lanes(source + step), Lanes(source + 2 &* step),
                            Lanes(source + 3 &* step), Lanes(source + 4 &* step))
                }
                place(rowParity: 0, columnParity: 1, channel: channel)

                for row in 0..<4 {
                    let source = oddEven + row &* channels + channel
                    let step = 4 &* pointStride
                    (values[4 &* row], values[4 &* row &+ 1], values[4 &* row &+ 2], values[4 &* row &+ 3]) =
                        Axis.transformOutput(
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
}
