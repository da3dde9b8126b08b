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
    /// - Parameter image: [3, H, W] or [1, H, W]
    init(quantizing image: Tensor) {
        let (channels, height, width) = (image.shape[0], image.shape[1], image.shape[2])
        let plane = height * width
        let pixels = [UInt8](unsafeUninitializedCapacity: plane * 3) { bytes, count in
            image.withUnsafeBufferPointer { values in
                for channel in 0..<3 {
                    let offset = min(channel, channels - 1) * plane
                    for pixel in 0..<plane {
                        // A NaN passes neither comparison of min and max in this order, and becomes 0.
                        let value = min(255, max(0, values[offset + pixel] * 127.5 + 128))
                        bytes[pixel * 3 + channel] = UInt8(value)
                    }
                }
            }
            count = plane * 3
        }
        self.init(width: width, height: height, pixels: pixels)
    }
}
