// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

/// Runs one convolution on planes, with the memory it needs.
enum LayerRun {
    /// An epilogue that leaves values as they are: scale 1, bias 0, and the negative side undone by the caller.
    struct Epilogue {
        var scale: [Float]
        var bias: [Float]
        var noise: [Float]?
        var noiseStrength: Float = 0
        var clamp: Float = .infinity

        /// Adds a bias that keeps every value positive, so that the activation changes nothing.
        static func shift(_ shift: Float, channels: Int) -> Epilogue {
            Epilogue(
                scale: [Float](repeating: 1, count: Lanes.padded(channels)),
                bias: [Float](repeating: shift, count: Lanes.padded(channels)))
        }

        func withPointers<Result>(_ body: (ActivationEpilogue) -> Result) -> Result {
            scale.withUnsafeBufferPointer { scale in
                bias.withUnsafeBufferPointer { bias in
                    (noise ?? []).withUnsafeBufferPointer { noise in
                        guard let scale = scale.baseAddress, let bias = bias.baseAddress else {
                            preconditionFailure("an epilogue needs channels")
                        }
                        return body(
                            ActivationEpilogue(
                                scale: scale, bias: bias, noise: self.noise == nil ? nil : noise.baseAddress,
                                noiseStrength: noiseStrength, clamp: clamp))
                    }
                }
            }
        }
    }

    /// Calls `body` with an image of planes.
    static func withImage(
        _ x: ReferenceOperations.Planes, styles: [Float], y: FloatBuffer, epilogue: Epilogue,
        _ body: (LayerImage) -> Void
    ) {
        map(x).withUnsafeBufferPointer { x in
            padded(styles).withUnsafeBufferPointer { styles in
                epilogue.withPointers { epilogue in
                    guard let x = x.baseAddress, let styles = styles.baseAddress else {
                        preconditionFailure("an image needs channels")
                    }
                    body(LayerImage(x: x, styles: styles, y: y.pointer, epilogue: epilogue))
                }
            }
        }
    }

    /// Calls `body` with scratch memory that holds NaN.
    static func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
        let scratch = poisoned(count)
        withExtendedLifetime(scratch) { body(scratch.pointer) }
    }

    /// Planes, [C, H, W], as an activation map with its rim.
    static func map(_ x: ReferenceOperations.Planes) -> [Float] {
        let map = ActivationMap(height: x.height, width: x.width, channels: x.channels)
        var elements = [Float](repeating: 0, count: map.count)
        for channel in 0..<x.channels {
            for row in 0..<x.height {
                for column in 0..<x.width {
                    elements[map.offset(row: row, column: column) + channel] = x[channel, row, column]
                }
            }
        }
        return elements
    }

    /// The pixels of an activation map as planes.
    static func planes(_ buffer: FloatBuffer, _ map: ActivationMap, channels: Int) -> ReferenceOperations.Planes {
        var planes = ReferenceOperations.Planes(channels: channels, height: map.height, width: map.width)
        for channel in 0..<channels {
            for row in 0..<map.height {
                for column in 0..<map.width {
                    planes[channel, row, column] = buffer.pointer[map.offset(row: row, column: column) + channel]
                }
            }
        }
        return planes
    }

    /// A buffer full of NaN: whoever reads what was not written spoils the result.
    static func poisoned(_ count: Int) -> FloatBuffer {
        let buffer = FloatBuffer(count: count)
        buffer.pointer.initialize(repeating: .nan, count: count)
        return buffer
    }

    static func padded(_ styles: [Float]) -> [Float] {
        styles + [Float](repeating: 0, count: Lanes.padded(styles.count) - styles.count)
    }
}
