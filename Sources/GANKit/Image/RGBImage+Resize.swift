// SPDX-License-Identifier: Apache-2.0

extension RGBImage {
    /// The image at another size, by a Lanczos filter of three lobes in linear light (the filter is widened where the
    /// image shrinks, so it averages over area).
    ///
    /// - Parameters:
    ///   - width: in pixels, at least 1
    ///   - height: in pixels, at least 1
    public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
        if newWidth == width, newHeight == height { return self }
        precondition(newWidth > 0 && newHeight > 0, "an image cannot be \(newWidth)x\(newHeight) pixels")
        let horizontal = LanczosKernel(source: width, target: newWidth)
        let vertical = LanczosKernel(source: height, target: newHeight)

        let linear = pixels.map { SRGBTransfer.linear[Int($0)] }
        // [H, newWidth, 3]
        var narrowed = [Float](repeating: 0, count: height * newWidth * 3)
        for row in 0..<height {
            for column in 0..<newWidth {
                for (offset, weight) in horizontal.weights[column].enumerated() {
                    let source = (row * width + horizontal.starts[column] + offset) * 3
                    let target = (row * newWidth + column) * 3
                    for channel in 0..<3 {
                        narrowed[target + channel].addProduct(weight, linear[source + channel])
                    }
                }
            }
        }
        var result = [UInt8]()
        result.reserveCapacity(newWidth * newHeight * 3)
        let rowLength = newWidth * 3
        for row in 0..<newHeight {
            var sums = [Float](repeating: 0, count: rowLength)
            for (offset, weight) in vertical.weights[row].enumerated() {
                let source = (vertical.starts[row] + offset) * rowLength
                for index in 0..<rowLength {
                    sums[index].addProduct(weight, narrowed[source + index])
                }
            }
            result += sums.map(SRGBTransfer.encode)
        }
        return RGBImage(width: newWidth, height: newHeight, pixels: result)
    }
}
