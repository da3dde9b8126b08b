// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// The layout of an activation map in memory: [rim + H + rim, rim + W + rim, C'], where C' is the number of channels
/// rounded up to whole `Lanes`.
///
/// A rim of zeros (one row above, five below, likewise at the sides, unless a filter needs more) lets convolutions read
/// beyond the image without a test; channels are innermost so that neighbouring lanes never mix.
struct ActivationMap: Equatable, Sendable {
    let height: Int
    let width: Int
    /// C'
    let channels: Int
    /// Rows above the image, and columns at its left.
    let rimBefore: Int
    /// Rows below the image, and columns at its right.
    let rimAfter: Int

    init(height: Int, width: Int, channels: Int, rimBefore: Int = 1, rimAfter: Int = 5) {
        self.height = height
        self.width = width
        self.channels = Lanes.padded(channels)
        self.rimBefore = rimBefore
        self.rimAfter = rimAfter
    }

    /// Elements from a pixel to the one below.
    var rowStride: Int { (width + rimBefore + rimAfter) * channels }

    /// Elements of the map with its rim.
    var count: Int { (height + rimBefore + rimAfter) * rowStride }

    /// The distances between its pixels.
    var grid: PixelGrid { PixelGrid(rowStride: rowStride, channels: channels) }

    /// Where the first channel of a pixel lies; rows and columns may reach into the rim.
    @inline(__always)
    func offset(row: Int, column: Int) -> Int {
        (row &+ rimBefore) &* rowStride &+ (column &+ rimBefore) &* channels
    }

    /// Sets the rim to zero.
    func clearRim(_ elements: UnsafeMutablePointer<Float>) {
        elements.update(repeating: 0, count: rimBefore * rowStride)
        for row in 0..<height {
            (elements + offset(row: row, column: -rimBefore))
                .update(repeating: 0, count: rimBefore * channels)
            (elements + offset(row: row, column: width)).update(repeating: 0, count: rimAfter * channels)
        }
        (elements + offset(row: height, column: -rimBefore)).update(repeating: 0, count: rimAfter * rowStride)
    }
}
