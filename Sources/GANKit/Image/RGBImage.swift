// SPDX-License-Identifier: Apache-2.0

/// An 8-bit RGB image.
public struct RGBImage: Sendable, Equatable {
    /// In pixels.
    public let width: Int
    /// In pixels.
    public let height: Int
    /// [H, W, 3]
    public let pixels: [UInt8]

    /// An image of the given pixels, [H, W, 3].
    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(pixels.count == width * height * 3, "\(pixels.count) bytes are not \(width)x\(height) pixels")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Quantises as the official scripts do: `clamp(x * 127.5 + 128, 0, 255)`, truncated. Grey becomes RGB.
    ///
    /// - Parameters:
    ///   - image: [channels, H, W]; 3 channels or 1
    ///   - offset: in place of 128
    init(
        quantizing image: UnsafePointer<Float>, channels: Int, height: Int, width: Int, offset: Float = 128,
        loop: ParallelLoop = ParallelLoop(threads: 1)
    ) {
        let plane = height * width
        let pixels = [UInt8](unsafeUninitializedCapacity: plane * 3) { bytes, count in
            guard let bytes = bytes.baseAddress else { return }
            loop.run(height) { row, _ in
                let first = row * width
                for channel in 0..<3 {
                    let source = image + min(channel, channels - 1) * plane + first
                    let target = bytes + 3 * first + channel
                    for column in 0..<width {
                        // A NaN passes neither comparison of min and max in this order, and becomes 0.
                        let value = min(255, max(0, source[column] * 127.5 + offset))
                        target[3 &* column] = UInt8(truncatingIfNeeded: Int32(value))
                    }
                }
            }
            count = plane * 3
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
