// SPDX-License-Identifier: Apache-2.0

extension RGBImage {
    /// Images of one size side by side, row after row. What the last row lacks is black.
    ///
    /// - Parameters:
    ///   - images: at least one, all of the size of the first
    ///   - columns: at least 1; more than there are images are as many as there are
    public static func grid(_ images: [RGBImage], columns: Int) -> RGBImage {
        precondition(!images.isEmpty && columns > 0, "\(images.count) images in \(columns) columns")
        let (width, height) = (images[0].width, images[0].height)
        let columns = min(columns, images.count)
        let rows = (images.count + columns - 1) / columns
        let rowBytes = width * 3
        var pixels = [UInt8](repeating: 0, count: rows * height * columns * rowBytes)
        for (index, image) in images.enumerated() {
            precondition(
                image.width == width && image.height == height,
                "an image of \(image.width)x\(image.height) among images of \(width)x\(height)")
            let (row, column) = index.quotientAndRemainder(dividingBy: columns)
            for line in 0..<height {
                let target = ((row * height + line) * columns + column) * rowBytes
                pixels.replaceSubrange(
                    target..<target + rowBytes, with: image.pixels[line * rowBytes..<(line + 1) * rowBytes])
            }
        }
        return RGBImage(width: columns * width, height: rows * height, pixels: pixels)
    }
}
