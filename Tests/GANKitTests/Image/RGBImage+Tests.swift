// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import GANKit

extension RGBImage {
    /// Slow waves of colour, the same for the same numbers: what lossy formats are made for.
    static func smooth(width: Int, height: Int, phase: Double = 0) -> RGBImage {
        var pixels: [UInt8] = []
        for row in 0..<height {
            for column in 0..<width {
                for channel in 0..<3 {
                    let angle = Double(row) * 0.11 + Double(column) * 0.07 * Double(channel + 1) + phase
                    pixels.append(UInt8(128 + 100 * sin(angle)))
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// The mean of the absolute differences of bytes.
    func meanDifference(from other: RGBImage) -> Double {
        let sum = zip(pixels, other.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(max(1, pixels.count))
    }
}
