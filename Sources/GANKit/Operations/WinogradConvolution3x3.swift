// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(4x4, 3x3): a quarter of the direct products.
///
/// The map is cut into tiles of 4x4 outputs. Each tile's 6x6 inputs become 36 factors (a channel), which meet the
/// transformed weights in 36 matrix products over the channels of a whole block of tiles, and the products become outputs.
struct WinogradConvolution3x3: Sendable {
    typealias Axis = GANKernels.WinogradF4x3
    static let tileSize = Axis.outputs
    static let points = Axis.points * Axis.points

    let input: ActivationMap
    let output: ActivationMap
    private let weights: PackedWeights
    private let plan: BlockPlan

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - height: a multiple of 4
    ///   - width: a multiple of 4
    ///   - output: the layout of the output, if not the usual one: a map of the given size with its rim, as part of which
    ///     the last rows and columns may count
    ///   - maxBatch: the most images that go through together
    init(
        weight: Tensor, height: Int, width: Int, output: ActivationMap? = nil, maxBatch: Int, loop: ParallelLoop
    ) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        input = ActivationMap(height: height, width: width, channels: inputs)
        self.output = output ?? ActivationMap(height: height, width: width, channels: outputs)
        let (node0, node1, node2, node3, node4) = Axis.nodes
        let axis = WinogradWeights.Axis.winograd(nodes: [node0, node1, node2, node3, node4], taps: [0, 1, 2])
        weights = WinogradWeights.pack(
            weight, inputs: inputs, outputs: outputs, rows: axis, columns: axis, loop: loop)
        let tiles = height * width / (Self.tileSize * Self.tileSize)
        plan = BlockPlan(
            tiles: tiles, maxBatch: maxBatch, weightCount: weights.count,
            pointsPerTile: Self.points, inputs: input.channels, outputs: self.output.channels)
    }

    private var tileColumns: Int { input.width / Self.tileSize }
    /// Of one image.
    private var tiles: Int { input.height / Self.tileSize * tileColumns }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        plan.scratchCount(threads: threads)
    }

    /// Convolves images, whose tiles follow each other as if they were one image's.
    func apply(_ images: [LayerImage], scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop) {
        weights.withPointer { weights in
            plan.run(tiles: images.count * tiles, scratch: scratch, loop: loop) { block, scratch, loop in
                run(block, of: images, weights: weights, scratch: scratch, loop: loop)
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
            Kernels.multiply(
                rows: tiles, inner: input.channels, panels: self.weights.panels,
                a: factors + point * tiles * input.channels, aStride: input.channels,
                b: weights + point * self.weights.matrixCount,
                c: products + point * tiles * output.channels, cStride: output.channels)
        }
    }

    private func transformInput(
        tile: Int, of image: LayerImage, factors: UnsafeMutablePointer<Float>, pointStride: Int
    ) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        Kernels.transformConvolutionInput(
            x: image.x + input.offset(row: tileRow * Self.tileSize - 1, column: tileColumn * Self.tileSize - 1),
            grid: input.grid, styles: image.styles, factors: factors, pointStride: pointStride)
    }

    private func transformOutput(
        tile: Int, of image: LayerImage, products: UnsafePointer<Float>, pointStride: Int
    ) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        let (row, column) = (tileRow * Self.tileSize, tileColumn * Self.tileSize)
        Kernels.transformConvolutionOutput(
            products: products, pointStride: pointStride, y: image.y + output.offset(row: row, column: column),
            grid: output.grid, epilogue: image.epilogue, pixel: row * output.width + column, width: output.width)
    }
}
