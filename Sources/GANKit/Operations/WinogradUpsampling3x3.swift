// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// The transposed convolution of `UpsamplingPhase` with Winograd's F(4, 2) along every axis of two taps: 81 products a
/// tile of 4x4 inputs instead of 144.
///
/// A tile's 5x5 inputs become 25 factors of the even-even phase, 5x4 and 4x5 of the mixed ones and 4x4 of the odd-odd one.
/// Along an axis of one tap all four positions meet the same weights, so they are rows of one matrix product.
struct WinogradUpsampling3x3: Sendable {
    typealias Axis = GANKernels.WinogradF4x2
    static let tileSize = Axis.outputs
    /// Factors of one tile.
    static let points = 25 + 20 + 20 + 16

    /// A matrix product: which weights meet which rows of the factors.
    private struct Product {
        let phase: Int
        let matrix: Int
        /// Its place among the phase's products.
        let number: Int
        /// Of each tile.
        let rows: Int
    }

    /// The larger ones come first, which balances the threads.
    private static let products: [Product] =
        (0..<4).map { Product(phase: 3, matrix: 0, number: $0, rows: 4) }
        + (0..<5).map { Product(phase: 1, matrix: $0, number: $0, rows: 4) }
        + (0..<5).map { Product(phase: 2, matrix: $0, number: $0, rows: 4) }
        + (0..<25).map { Product(phase: 0, matrix: $0, number: $0, rows: 1) }

    let input: ActivationMap
    let intermediate: ActivationMap
    /// Even-even, even-odd, odd-even, odd-odd (row, column).
    private let weights: [PackedWeights]
    let plan: BlockPlan
    let rim: UpsamplingRim

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - filter: what comes after, whose rim t has
    ///   - height: of the input, a multiple of 4
    ///   - width: of the input, a multiple of 4
    ///   - maxBatch: the most images that go through together
    init(
        weight: Tensor, filter: ResampleFilter, height: Int, width: Int, maxBatch: Int, loop: ParallelLoop
    ) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        intermediate = UpsamplingPhase.intermediate(of: input, outputs: outputs, filter: filter)
        let even = WinogradWeights.Axis.winograd(nodes: Axis.nodes, taps: UpsamplingPhase.evenTaps)
        let odd = WinogradWeights.Axis.single(UpsamplingPhase.oddTap)
        weights = [(even, even), (even, odd), (odd, even), (odd, odd)].map { rows, columns in
            WinogradWeights.pack(weight, inputs: inputs, outputs: outputs, rows: rows, columns: columns, loop: loop)
        }
        rim = UpsamplingRim(weight: weight, input: input, intermediate: intermediate, loop: loop)
        let tiles = height / Self.tileSize * (width / Self.tileSize)
        let (inputChannels, outputChannels) = (input.channels, intermediate.channels)
        plan = BlockPlan(
            tiles: tiles, maxBatch: maxBatch, weightCount: weights.reduce(0) { $0 + $1.count },
            elementsPerTile: Self.points * (inputChannels + outputChannels)
        ) {
            UpsamplingLayout(tiles: $0, channels: inputChannels).count
                + UpsamplingLayout(tiles: $0, channels: outputChannels).count
        }
    }

    var tileColumns: Int { input.width / Self.tileSize }
    /// Of one image.
    var tiles: Int { input.height / Self.tileSize * tileColumns }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        max(plan.scratchCount(threads: threads), rim.scratchCount(threads: threads))
    }

    /// Computes t of images, whose tiles follow each other as if they were one image's; see `DirectUpsampling3x3.apply`.
    func apply(
        _ images: [LayerImage], t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop
    ) {
        plan.run(tiles: images.count * tiles, scratch: scratch, loop: loop) { block, scratch, loop in
            run(block, of: images, t: t, scratch: scratch, loop: loop)
        }
        rim.apply(images, t: t, scratch: scratch, loop: loop)
    }

    /// Computes the t of a block of tiles.
    ///
    /// - Parameter scratch: `plan.blockScratch` elements for up to `plan.blockTiles` tiles
    func run(
        _ tiles: Range<Int>, of images: [LayerImage], t: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        let factorLayout = UpsamplingLayout(tiles: tiles.count, channels: input.channels)
        let sumLayout = UpsamplingLayout(tiles: tiles.count, channels: intermediate.channels)
        let factors = scratch
        let sums = scratch + factorLayout.count
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            let (row, column) = corner(of: tile)
            Kernels.transformUpsamplingInput(
                x: images[image].x + input.offset(row: row - 1, column: column - 1), grid: input.grid,
                styles: images[image].styles, factors: factors, tile: index, layout: factorLayout)
        }
        loop.run(Self.products.count) { index, _ in
            let product = Self.products[index]
            let rows = product.rows * tiles.count
            let weights = self.weights[product.phase]
            weights.withPointer { elements in
                Kernels.multiply(
                    rows: rows, inner: input.channels, panels: weights.panels,
                    a: factors + Self.offset(of: product, in: factorLayout, channels: input.channels, rows: rows),
                    aStride: input.channels, b: elements + product.matrix * weights.matrixCount,
                    c: sums + Self.offset(of: product, in: sumLayout, channels: intermediate.channels, rows: rows),
                    cStride: intermediate.channels)
            }
        }
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            let (row, column) = corner(of: tile)
            Kernels.transformUpsamplingOutput(
                sums: sums, tile: index, layout: sumLayout,
                t: t + image * intermediate.count + intermediate.offset(row: 2 * row, column: 2 * column),
                grid: intermediate.grid)
        }
    }

    /// The first position of a tile.
    private func corner(of tile: Int) -> (row: Int, column: Int) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        return (tileRow * Self.tileSize, tileColumn * Self.tileSize)
    }

    /// Where the rows of a product begin in a block.
    private static func offset(of product: Product, in layout: UpsamplingLayout, channels: Int, rows: Int) -> Int {
        switch product.phase {
        case 0: layout.phases.0 + product.number * layout.pointStride
        case 1: layout.phases.1 + product.number * layout.positionStride
        case 2: layout.phases.2 + product.number * layout.positionStride
        default: layout.phases.3 + product.number * rows * channels
        }
    }
}
