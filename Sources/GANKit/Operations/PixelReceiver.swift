// SPDX-License-Identifier: Apache-2.0

/// Who takes a layer's output tile by tile, while it is in the cache.
struct PixelReceiver {
    /// Whether the output goes to the layer's output map as well.
    let needsMap: Bool
    /// Is called with the finished pixels of a part of a row, [columns.count, C'], which are valid during the call; by several
    /// threads at once, for different pixels.
    let receive: (_ image: Int, _ row: Int, _ columns: Range<Int>, _ pixels: UnsafePointer<Float>) -> Void
}
