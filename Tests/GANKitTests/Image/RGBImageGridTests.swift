// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct RGBImageGridTests {
    /// An image of one colour.
    static func flat(_ value: UInt8, width: Int = 2, height: Int = 1) -> RGBImage {
        RGBImage(width: width, height: height, pixels: [UInt8](repeating: value, count: width * height * 3))
    }

    /// Red bytes row by row.
    static func rows(_ image: RGBImage) -> [[UInt8]] {
        (0..<image.height).map { row in (0..<image.width).map { image.pixels[(row * image.width + $0) * 3] } }
    }

    @Test(arguments: [
        (1, [[1, 1], [2, 2], [3, 3]], "one below the other"),
        (2, [[1, 1, 2, 2], [3, 3, 0, 0]], "the last row lacks one"),
        (3, [[1, 1, 2, 2, 3, 3]], "one row"),
        (9, [[1, 1, 2, 2, 3, 3]], "more columns than images"),
    ])
    func imagesFollowEachOtherRowByRow(columns: Int, expected: [[UInt8]], reason: String) {
        let grid = RGBImage.grid([1, 2, 3].map { Self.flat($0) }, columns: columns)
        #expect(Self.rows(grid) == expected, "\(reason)")
    }

    @Test func pixelsKeepTheirPlaces() {
        let images = (0..<4).map { RGBImage.smooth(width: 5, height: 3, phase: Double($0)) }
        let grid = RGBImage.grid(images, columns: 2)
        #expect(grid.width == 10 && grid.height == 6)
        for (index, image) in images.enumerated() {
            for row in 0..<3 {
                let start = ((index / 2 * 3 + row) * 10 + index % 2 * 5) * 3
                #expect(Array(grid.pixels[start..<start + 15]) == Array(image.pixels[row * 15..<row * 15 + 15]))
            }
        }
    }
}
