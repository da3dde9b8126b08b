// SPDX-License-Identifier: Apache-2.0

import CPNG

/// Reads the pictures that `PNGEncoder` writes, and any other opaque PNG of 8 bits.
public struct PNGDecoder: Sendable {
    /// A decoder.
    public init() {}

    /// The picture of a complete PNG file.
    ///
    /// - Parameter maxPixels: a picture of more is refused before memory is taken for it
    /// - Throws: `PNGDecodingError`
    public func decode(_ file: [UInt8], maxPixels: Int) throws(PNGDecodingError) -> RGBImage {
        var image = png_image()
        var failure: PNGDecodingError?
        let pixels: [UInt8] = file.withUnsafeBufferPointer { bytes in
            guard cpng_begin(&image, bytes.baseAddress, bytes.count) != 0 else {
                failure = PNGDecodingError(detail: String(zeroTerminated: image.message))
                return []
            }
            let width = Int(image.width)
            let height = Int(image.height)
            // Either is 31 bits at most.
            guard width * height <= maxPixels else {
                png_image_free(&image)
                failure = PNGDecodingError(detail: "\(width)x\(height) pixels are more than \(maxPixels)")
                return []
            }
            return [UInt8](unsafeUninitializedCapacity: width * height * 3) { pixels, count in
                guard cpng_read_rgb8(&image, pixels.baseAddress) != 0 else {
                    failure = PNGDecodingError(detail: String(zeroTerminated: image.message))
                    return
                }
                count = width * height * 3
            }
        }
        if let failure {
            throw failure
        }
        return RGBImage(width: Int(image.width), height: Int(image.height), pixels: pixels)
    }
}
