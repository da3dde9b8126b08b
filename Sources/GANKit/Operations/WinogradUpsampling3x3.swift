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
    private let plan: BlockPlan
    private let rim: UpsamplingRim

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
        let (node0, node1, node2, node3) = Axis.nodes
        let even = WinogradWeights.Axis.winograd(
            nodes: [node0, node1, node2, node3], taps: UpsamplingPhase.evenTaps)
        let odd = WinogradWeights.Axis.single(UpsamplingPhase.oddTap)
        weights = [(even, even), (even, odd), (odd, even), (odd, odd)].map { rows, columns in
            WinogradWeights.pack(weight, inputs: inputs, outputs: outputs, rows: rows, columns: columns, loop: loop)
        }
        rim = UpsamplingRim(weight: weight, input: input, intermediate: intermediate, loop: loop)
        let tiles = height / Self.tileSize * (width / Self.tileSize)
        plan = BlockPlan(
            tiles: tiles, maxBatch: maxBatch, weightCount: weights.reduce(0) { $0 + $1.count },
            pointsPerTile: Self.points, inputs: input.channels, outputs: intermediate.channels)
    }

    private var tileColumns: Int { input.width / Self.tileSize }
    /// Of one image.
    private var tiles: Int { input.height / Self.tileSize * tileColumns }

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
                Kernels.multiply(
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
        Kernels.transformUpsamplingInput(
            x: image.x + input.offset(row: tileRow * Self.tileSize - 1, column: tileColumn * Self.tileSize - 1),
            grid: input.grid, styles: image.styles, factors: factors, tile: index, of: count)
    }

    private func transformOutput(
        tile: Int, index: Int, count: Int, sums: UnsafePointer<Float>, t: UnsafeMutablePointer<Float>
    ) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let (row, column) = (tileRow * Self.tileSize, tileColumn * Self.tileSize)
        Kernels.transformUpsamplingOutput(
            sums: sums, tile: index, of: count, t: t + intermediate.offset(row: 2 * row, column: 2 * column),
            grid: intermediate.grid)
    }
}
