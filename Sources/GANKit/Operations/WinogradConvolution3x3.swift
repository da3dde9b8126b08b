// SPDX-License-Identifier: Apache-2.0

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(4x4, 3x3): a quarter of the direct products.
///
/// The map is cut into tiles of 4x4 outputs. Each tile's 6x6 inputs become 36 factors (a channel), which meet the
/// transformed weights in 36 matrix products over the channels of a whole block of tiles, and the products become outputs.
struct WinogradConvolution3x3: Sendable {
    typealias Axis = WinogradF4x3
    static let tileSize = Axis.outputs
    static let points = Axis.points * Axis.points

    let input: ActivationMap
    let output: ActivationMap
    private let weights: PackedWeights
    /// Tiles whose factors and products are in memory together.
    private let blockTiles: Int
    /// Whether threads share each block, piece by piece, or take whole blocks each.
    private let sharesBlocks: Bool

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - height: a multiple of 4
    ///   - width: a multiple of 4
    ///   - maxBatch: the most images that go through together
    init(weight: Tensor, height: Int, width: Int, maxBatch: Int, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        output = ActivationMap(height: height, width: width, channels: outputs)
        weights = WinogradWeights.pack(
            weight, inputs: inputs, outputs: outputs, rows: .init(matrix: Axis.filterMatrix, taps: [0, 1, 2]),
            columns: .init(matrix: Axis.filterMatrix, taps: [0, 1, 2]), loop: loop)
        let tiles = height * width / (Self.tileSize * Self.tileSize)
        let plan = BlockPlan(
            tiles: tiles, maxBatch: maxBatch, weightCount: weights.count,
            pointsPerTile: Self.points, inputs: input.channels, outputs: output.channels)
        blockTiles = plan.blockTiles
        sharesBlocks = plan.sharesBlocks
    }

    private var tileColumns: Int { output.width / Self.tileSize }
    /// Of one image.
    private var tiles: Int { output.height / Self.tileSize * tileColumns }

    /// Elements of scratch memory for one block.
    private var blockScratch: Int { Self.points * blockTiles * (input.channels + output.channels) }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        sharesBlocks ? blockScratch : threads * blockScratch
    }

    /// Convolves images, whose tiles follow each other as if they were one image's.
    func apply(_ images: [LayerImage], scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        let allTiles = images.count * tiles
        let blocks = (allTiles + blockTiles - 1) / blockTiles
        func range(_ block: Int) -> Range<Int> {
            block * blockTiles..<min(allTiles, (block + 1) * blockTiles)
        }
        weights.withPointer { weights in
            if sharesBlocks {
                for block in 0..<blocks {
                    run(range(block), of: images, weights: weights, scratch: scratch, loop: loop)
                }
            } else {
                loop.run(blocks) { block, thread in
                    run(
                        range(block), of: images, weights: weights, scratch: scratch + thread * blockScratch,
                        loop: ParallelLoop(threads: 1))
                }
            }
        }
    }

    private func run(
        _ tiles: Range<Int>, of images: [LayerImage], weights: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let factors = scratch
        let products = scratch + Self.points * tiles.count * input.channels
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            transformInput(
                tile: tile, of: images[image], factors: factors + index * input.channels,
                pointStride: tiles.count * input.channels)
        }
        multiply(tiles: tiles.count, factors: factors, weights: weights, products: products, loop: loop)
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            transformOutput(
                tile: tile, of: images[image], products: products + index * output.channels,
                pointStride: tiles.count * output.channels)
        }
    }

    /// factors [36, tiles, I'] times weights [36, I', O'] to products [36, tiles, O'].
    private func multiply(
        tiles: Int, factors: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        loop.run(Self.points) { point, _ in
            MatrixKernel.multiply(
                rows: tiles, inner: input.channels, panels: self.weights.panels,
                a: factors + point * tiles * input.channels, aStride: input.channels,
                b: weights + point * self.weights.matrixCount,
                c: products + point * tiles * output.channels, cStride: output.channels)
        }
    }

    private func transformInput(
        tile: Int, of image: LayerImage, factors: UnsafeMutablePointer<Float>, pointStride: Int
    ) {
        let styles = image.styles
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let corner = image.x + input.offset(row: tileRow * Self.tileSize - 1, column: tileColumn * Self.tileSize - 1)
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: Self.points) { rows in
            for channel in stride(from: 0, to: input.channels, by: Lanes.count) {
                let style = Lanes(styles + channel)
                for column in 0..<6 {
                    let source = corner + column &* input.channels + channel
                    let rowStride = input.rowStride
                    let t = Axis.transformInput(
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
                    let t = Axis.transformInput(
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

    private func transformOutput(
        tile: Int, of image: LayerImage, products: UnsafePointer<Float>, pointStride: Int
    ) {
        let (y, epilogue) = (image.y, image.epilogue)
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let (row, column) = (tileRow * Self.tileSize, tileColumn * Self.tileSize)
        withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 24) { columns in
            for channel in stride(from: 0, to: output.channels, by: Lanes.count) {
                for point in 0..<6 {
                    let source = products + point &* pointStride + channel
                    let stride = 6 &* pointStride
                    let t = Axis.transformOutput(
                        Lanes(source), Lanes(source + stride), Lanes(source + 2 &* stride),
                        Lanes(source + 3 &* stride), Lanes(source + 4 &* stride), Lanes(source + 5 &* stride))
                    columns[point] = t.0
                    columns[6 &+ point] = t.1
                    columns[12 &+ point] = t.2
                    columns[18 &+ point] = t.3
                }
                for index in 0..<Self.tileSize {
                    let c = 6 &* index
                    let t = Axis.transformOutput(
                        columns[c], columns[c &+ 1], columns[c &+ 2], columns[c &+ 3], columns[c &+ 4],
                        columns[c &+ 5])
                    let pixel = (row &+ index) &* output.width &+ column
                    let target = y + output.offset(row: row + index, column: column) + channel
                    epilogue(t.0, channel: channel, noise: epilogue.noise(at: pixel)).store(target)
                    epilogue(t.1, channel: channel, noise: epilogue.noise(at: pixel &+ 1))
                        .store(target + output.channels)
                    epilogue(t.2, channel: channel, noise: epilogue.noise(at: pixel &+ 2))
                        .store(target + 2 &* output.channels)
                    epilogue(t.3, channel: channel, noise: epilogue.noise(at: pixel &+ 3))
                        .store(target + 3 &* output.channels)
                }
            }
        }
    }
}
