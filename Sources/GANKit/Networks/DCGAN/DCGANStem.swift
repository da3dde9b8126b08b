// SPDX-License-Identifier: Apache-2.0

/// The fully connected layer that makes a small image of z.
struct DCGANStem: Sendable {
    /// Length of z.
    let inputs: Int
    /// Of the image.
    let channels: Int
    /// Width and height of the image.
    let side: Int
    /// [z, H * W * C']
    private let weights: PackedWeights
    /// [H, W, C']
    private let bias: Tensor

    /// Takes `stem.weight` [z, C, H, W] and `stem.bias` [C, H, W].
    init(_ parameters: ParameterMap, loop: ParallelLoop) throws {
        let shape = try parameters.shape("stem.weight", [nil, nil, nil, nil])
        let (channels, side) = (shape[1], shape[2])
        guard shape[3] == side else {
            throw CheckpointError.unexpectedShape(
                name: "stem.weight", expected: [shape[0], channels, side, side], actual: shape)
        }
        let weight = try parameters.tensor("stem.weight", shape: shape)
        let bias = try parameters.tensor("stem.bias", shape: [channels, side, side])
        let area = side * side
        let padded = Lanes.padded(channels)
        inputs = shape[0]
        self.channels = channels
        self.side = side
        weights = PackedWeights(matrices: 1, inner: inputs, outputs: area * padded, loop: loop) { output, target, _ in
            let (pixel, channel) = output.quotientAndRemainder(dividingBy: padded)
            guard channel < channels else { return }
            weight.withUnsafeBufferPointer { elements in
                for input in 0..<shape[0] {
                    target[input * Lanes.count] = elements[(input * channels + channel) * area + pixel]
                }
            }
        }
        let planes = bias.elements
        self.bias = Tensor(shape: [side, side, padded]) { elements in
            for index in elements.indices {
                let (pixel, channel) = index.quotientAndRemainder(dividingBy: padded)
                elements[index] = channel < channels ? planes[channel * area + pixel] : 0
            }
        }
    }

    /// Elements of the image with the last block of channels filled up.
    var outputCount: Int { bias.count }
    /// By the definition of the layer.
    var multiplyAdds: Int { inputs * channels * side * side }

    /// - Parameters:
    ///   - z: [inputs]
    ///   - y: [H, W, C'], overwritten
    ///   - scratch: as many elements as `y`
    func apply(
        z: [Float], y: UnsafeMutablePointer<Float>, slope: Float, scratch: UnsafeMutablePointer<Float>
    ) {
        z.withUnsafeBufferPointer { z in
            guard let z = z.baseAddress else { return }
            weights.withPointer { weights in
                Kernels.multiply(
                    rows: 1, inner: inputs, panels: self.weights.panels, a: z, aStride: inputs, b: weights, c: scratch,
                    cStride: outputCount)
            }
        }
        bias.withUnsafeBufferPointer { bias in
            for index in bias.indices {
                let value = scratch[index] + bias[index]
                y[index] = value < 0 ? value * slope : value
            }
        }
    }
}
