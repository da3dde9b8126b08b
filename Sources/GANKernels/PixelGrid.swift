// SPDX-License-Identifier: Apache-2.0

/// Where pixels lie in an activation map: element (row, column, channel) is at
/// `row * rowStride + column * channels + channel` from the first.
public struct PixelGrid: Sendable {
    /// Elements from a pixel to the one below.
    public let rowStride: Int
    /// Channels of a pixel, a multiple of 16; also the elements from a pixel to the one at its right.
    public let channels: Int

    /// A grid of the given distances.
    public init(rowStride: Int, channels: Int) {
        self.rowStride = rowStride
        self.channels = channels
    }
}
