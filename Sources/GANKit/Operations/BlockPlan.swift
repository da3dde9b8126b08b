// SPDX-License-Identifier: Apache-2.0

/// How the tiles of a layer are grouped into blocks that go through their steps together.
///
/// A block's factors and products should stay in the second-level cache, and its weights, which each block reads anew,
/// should be few against its arithmetic. Layers with many channels have heavy weights and few tiles: there one block takes
/// all tiles and the threads share its matrices. The figures were found by measurement (`faceserver bench`).
struct BlockPlan: Sendable {
    /// Elements of factors and products of a block that one thread works on: half a megabyte.
    private static let blockElements = 1 << 17
    /// Weights from this number of elements on are shared: 16 MB.
    private static let sharedWeights = 1 << 22
    /// Elements of factors and products of a block that all threads share: 16 MB.
    private static let sharedElements = 1 << 22
    /// The matrix kernel works on twelve rows at a time.
    private static let rowUnit = 12

    /// Tiles whose factors and products are in memory together.
    let blockTiles: Int
    /// Whether threads share each block, piece by piece, or take whole blocks each.
    let sharesBlocks: Bool
    /// Elements of factors and products of one block.
    let blockScratch: Int

    /// - Parameters:
    ///   - tiles: of one image
    ///   - weightCount: elements of the transformed weights
    ///   - elementsPerTile: factors and products of a tile
    ///   - scratch: the elements of factors and products of a block of the given number of tiles
    init(
        tiles: Int, maxBatch: Int, weightCount: Int, elementsPerTile: Int, scratch: (_ tiles: Int) -> Int
    ) {
        let tiles = tiles * maxBatch
        sharesBlocks = weightCount >= Self.sharedWeights || tiles <= 2 * Self.rowUnit
        let wanted = (sharesBlocks ? Self.sharedElements : Self.blockElements) / elementsPerTile
        blockTiles = min(tiles, max(Self.rowUnit, wanted / Self.rowUnit * Self.rowUnit))
        blockScratch = scratch(blockTiles)
    }

    /// The elements of scratch memory that a layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        sharesBlocks ? blockScratch : threads * blockScratch
    }

    /// Cuts `tiles` tiles into blocks and calls `body` for each, with the memory and the threads that it may use.
    func run(
        tiles: Int, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop,
        body: (_ block: Range<Int>, _ scratch: UnsafeMutablePointer<Float>, _ loop: ParallelLoop) -> Void
    ) {
        let blocks = (tiles + blockTiles - 1) / blockTiles
        func range(_ block: Int) -> Range<Int> {
            block * blockTiles..<min(tiles, (block + 1) * blockTiles)
        }
        if sharesBlocks {
            for block in 0..<blocks {
                body(range(block), scratch, loop)
            }
        } else {
            loop.run(blocks) { block, thread in
                body(range(block), scratch + thread * blockScratch, ParallelLoop(threads: 1))
            }
        }
    }
}
