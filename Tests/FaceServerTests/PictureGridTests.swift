// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct PictureGridTests {
    private let face = FaceParameters(seed: 0, truncation: FixedDecimal(millionths: 700_000), size: 32)

    private func seeds(_ grid: PictureGrid) -> [UInt32?] { grid.cells.map { $0?.seed } }

    @Test(
        arguments: [
            ([0, 1, 2, 3], nil, 2, 2, "/grids/0-3.png?truncation=0.7&size=32", "a square"),
            ([5, 7], nil, 2, 1, "/grids/5,7.png?truncation=0.7&size=32", "nearly a square"),
            ([3, 2, 1], 1, 1, 3, "/grids/3,2,1.png?truncation=0.7&columns=1&size=32", "a column"),
            ([0, 1, 2, 3], 2, 2, 2, "/grids/0-3.png?truncation=0.7&size=32", "the columns that there are anyway"),
            ([0, 1, 2], 9, 3, 1, "/grids/0-2.png?truncation=0.7&columns=3&size=32", "more columns than faces"),
            ([0, 1, 2], nil, 2, 2, "/grids/0-2.png?truncation=0.7&size=32", "a last row that is not full"),
        ] as [([UInt32], Int?, Int, Int, String, String)])
    func gridIsAboutSquare(
        seeds: [UInt32], asked: Int?, columns: Int, rows: Int, url: String, reason: String
    ) {
        let grid = PictureGrid(seeds: seeds, columns: asked, like: face)
        #expect(self.seeds(grid) == seeds, "\(reason)")
        #expect([grid.columns, grid.rows] == [columns, rows], "\(reason)")
        #expect(grid.canonicalURL == url, "\(reason)")
    }

    @Test func mixesHaveTheirSourcesInTheFirstRowAndColumn() {
        let layers = LayerSet(0...3)
        let grid = PictureGrid(rows: [1, 2], columns: [7, 8, 9], layers: layers, like: face)
        #expect(grid.canonicalURL == "/mixes/1-2/7-9.png?truncation=0.7&layers=0-3&size=32")
        #expect([grid.columns, grid.rows] == [4, 3])
        #expect(seeds(grid) == [nil, 7, 8, 9, 1, 1, 1, 1, 2, 2, 2, 2])
        #expect(
            grid.cells.map { $0?.mix } == [
                nil, nil, nil, nil,
                nil, StyleMix(seed: 7, layers: layers), StyleMix(seed: 8, layers: layers),
                StyleMix(seed: 9, layers: layers),
                nil, StyleMix(seed: 7, layers: layers), StyleMix(seed: 8, layers: layers),
                StyleMix(seed: 9, layers: layers),
            ])
        #expect(grid.cells.allSatisfy { $0.map { $0.size == 32 } ?? true })
    }
}
