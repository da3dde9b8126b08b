// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A 3x3 convolution with stride 1 and padding 1 by Winograd's F(2x2, 3x3), F(4x4, 3x3) or F(6x6, 3x3): 4/9, 1/4 or, but for
/// what reaches beyond the map, 1/5 of the direct products.
///
/// The map is cut into tiles of 2x2, 4x4 or 6x6 outputs. Each tile's inputs become as many factors (a channel), which meet the
/// transformed weights in matrix products, one a factor, over the channels of a whole block of tiles, and the products
/// become outputs.
struct WinogradConvolution3x3: Sendable {
    /// Outputs of a tile on an axis.
    enum TileSize: Int, Sendable {
        case two = 2
        case four = 4
        case six = 6

        /// Factors of a tile on an axis.
        var points: Int { rawValue + 2 }

        /// What the filters go through on an axis.
        fileprivate var axis: WinogradWeights.Axis {
            let nodes =
                switch self {
                case .two: GANKernels.WinogradF2x3.nodes
                case .four: GANKernels.WinogradF4x3.nodes
                case .six: GANKernels.WinogradF6x3.nodes
                }
            return .winograd(nodes: nodes, taps: [0, 1, 2])
        }
    }

    /// Elements between the values of two points; see `UpsamplingLayout`.
    private static let gap = UpsamplingLayout.gap

    let input: ActivationMap
    let output: ActivationMap
    private let tileSize: TileSize
    private let weights: PackedWeights
    private let plan: BlockPlan

    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - height: with other tiles than those of six a multiple of their size
    ///   - width: likewise
    ///   - output: the layout of the output, if not the usual one: a map of the given size with its rim, as part of which
    ///     the last rows and columns may count
    ///   - maxBatch: the most images that go through together
    init(
        weight: Tensor, height: Int, width: Int, output: ActivationMap? = nil, tileSize: TileSize, maxBatch: Int,
        loop: ParallelLoop
    ) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        let input = ActivationMap(height: height, width: width, channels: inputs)
        let output = output ?? ActivationMap(height: height, width: width, channels: outputs)
        self.input = input
        self.output = output
        self.tileSize = tileSize
        weights = WinogradWeights.pack(
            weight, inputs: inputs, outputs: outputs, rows: tileSize.axis, columns: tileSize.axis, loop: loop)
        let points = tileSize.points * tileSize.points
        let channels = input.channels + output.channels
        plan = BlockPlan(
            tiles: Self.tiles(height, tileSize) * Self.tiles(width, tileSize), maxBatch: maxBatch,
            weightCount: weights.count, elementsPerTile: points * channels
        ) { points * ($0 * channels + 2 * Self.gap) }
    }

    /// The tiles that a row or column of pixels takes.
    private static func tiles(_ pixels: Int, _ size: TileSize) -> Int { (pixels + size.rawValue - 1) / size.rawValue }

    private var tileColumns: Int { Self.tiles(input.width, tileSize) }
    /// Of one image.
    private var tiles: Int { Self.tiles(input.height, tileSize) * tileColumns }
    private var points: Int { tileSize.points * tileSize.points }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        plan.scratchCount(threads: threads)
    }

    /// Whether the output can do without its map: each tile's outputs then lie where the factors of its block were.
    var needsNoMap: Bool { !plan.sharesBlocks && output.channels <= input.channels }

    /// Convolves images, whose tiles follow each other as if they were one image's.
    ///
    /// - Parameter receiver: is handed the outputs of each image's tiles; may do without the map if `needsNoMap`
    func apply(
        _ images: [LayerImage], scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop, receiver: PixelReceiver? = nil
    ) {
        weights.withPointer { weights in
            plan.run(tiles: images.count * tiles, scratch: scratch, loop: loop) { block, scratch, loop in
                run(block, of: images, weights: weights, scratch: scratch, loop: loop, receiver: receiver)
            }
        }
    }

    private func run(
        _ tiles: Range<Int>, of images: [LayerImage], weights: UnsafePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop, receiver: PixelReceiver?
    ) {
        let factorStride = tiles.count * input.channels + Self.gap
        let productStride = tiles.count * output.channels + Self.gap
        let factors = scratch
        let products = scratch + points * factorStride
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            transformInput(
                tile: tile, of: images[image], factors: factors + index * input.channels, pointStride: factorStride)
        }
        // factors [points, tiles, I'] times weights [points, I', O'] to products [points, tiles, O']
        loop.run(points) { point, _ in
            Kernels.multiply(
                rows: tiles.count, inner: input.channels, panels: self.weights.panels,
                a: factors + point * factorStride, aStride: input.channels,
                b: weights + point * self.weights.matrixCount,
                c: products + point * productStride, cStride: output.channels)
        }
        loop.run(tiles.count) { index, _ in
            let (image, tile) = (tiles.lowerBound + index).quotientAndRemainder(dividingBy: self.tiles)
            let (row, column) = corner(of: tile)
            let columns = column..<min(column + tileSize.rawValue, input.width)
            var target = images[image].y + output.offset(row: row, column: column)
            var grid = output.grid
            if let receiver, !receiver.needsMap {
                // One thread works on the block, and no longer needs its factors.
                target = factors
                grid = PixelGrid(rowStride: columns.count * output.channels, channels: output.channels)
            }
            let rows = row..<min(row + tileSize.rawValue, input.height)
            Kernels.transformConvolutionOutput(
                outputs: tileSize.rawValue, products: products + index * output.channels, pointStride: productStride,
                y: target, grid: grid, rows: rows.count, columns: columns.count, epilogue: images[image].epilogue,
                pixel: row * output.width + column, width: output.width)
            if let receiver {
                for index in rows {
                    receiver.receive(image, index, columns, target + (index - row) * grid.rowStride)
                }
            }
        }
    }

    /// The first row and column of a tile.
    private func corner(of tile: Int) -> (row: Int, column: Int) {
        let (tileRow, tileColumn) = tile.quotientAndRemainder(dividingBy: tileColumns)
        return (tileRow * tileSize.rawValue, tileColumn * tileSize.rawValue)
    }

    private func transformInput(
        tile: Int, of image: LayerImage, factors: UnsafeMutablePointer<Float>, pointStride: Int
    ) {
        let (row, column) = corner(of: tile)
        Kernels.transformConvolutionInput(
            outputs: tileSize.rawValue, x: image.x + input.offset(row: row - 1, column: column - 1),
            grid: input.grid, styles: image.styles, factors: factors, pointStride: pointStride)
    }
}
