// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// The layout of an activation map in memory: [H + 5, W + 5, C'], where C' is the number of channels rounded up to whole
/// `Lanes`.
///
/// A rim of zeros (one row above, four below, likewise at the sides) lets convolutions read beyond the image without a
/// test; channels are innermost so that neighbouring lanes never mix.
struct ActivationMap: Equatable {
    static let rimBefore = 1
    static let rimAfter = 4

    let height: Int
    let width: Int
    /// C'
    let channels: Int

    init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = Lanes.padded(channels)
    }

    /// Elements from a pixel to the one below.
    var rowStride: Int { (width + Self.rimBefore + Self.rimAfter) * channels }

    /// Elements of the map with its rim.
    var count: Int { (height + Self.rimBefore + Self.rimAfter) * rowStride }

    /// The distances between its pixels.
    var grid: PixelGrid { PixelGrid(rowStride: rowStride, channels: channels) }

    /// Where the first channel of a pixel lies; rows and columns may reach into the rim.
    @inline(__always)
    func offset(row: Int, column: Int) -> Int {
        (row &+ Self.rimBefore) &* rowStride &+ (column &+ Self.rimBefore) &* channels
    }

    /// Sets the rim to zero.
    func clearRim(_ elements: UnsafeMutablePointer<Float>) {
        elements.update(repeating: 0, count: Self.rimBefore * rowStride)
        for row in 0..<height {
            (elements + offset(row: row, column: -Self.rimBefore))
                .update(repeating: 0, count: Self.rimBefore * channels)
            (elements + offset(row: row, column: width)).update(repeating: 0, count: Self.rimAfter * channels)
        }
        (elements + offset(row: height, column: -Self.rimBefore)).update(repeating: 0, count: Self.rimAfter * rowStride)
    }
}
