// SPDX-License-Identifier: Apache-2.0

/// A modulated 1x1 convolution without demodulation that turns activations into image channels.
struct ToRGBLayer: Sendable {
    /// The layout of the input.
    let input: ActivationMap
    /// Which of the w vectors is the layer's.
    let wIndex: Int
    private let imgChannels: Int
    private let affine: FullyConnectedLayer
    /// [imgChannels, I]
    private let weight: Tensor
    private let bias: [Float]
    private let clamp: Float
    /// Of the styles.
    private let gain: Float

    /// Takes the tensors below `prefix`.
    ///
    /// - Parameters:
    ///   - input: the layout of the input, if not the usual one of that size
    ///   - inputGain: scales the input
    ///   - outputScale: scales the layer's part of the image
    init(
        _ prefix: String, in parameters: ParameterMap, inputChannels: Int, imgChannels: Int, resolution: Int, wDim: Int,
        wIndex: Int, input: ActivationMap? = nil, inputGain: Float = 1, outputScale: Float = 1
    ) throws {
        self.input = input ?? ActivationMap(height: resolution, width: resolution, channels: inputChannels)
        self.wIndex = wIndex
        self.imgChannels = imgChannels
        affine = try FullyConnectedLayer("\(prefix).affine", in: parameters, inputs: wDim, outputs: inputChannels)
        weight = try parameters.tensor("\(prefix).weight", shape: [imgChannels, inputChannels, 1, 1])
        bias = try parameters.tensor("\(prefix).bias", shape: [imgChannels]).elements.map { $0 * outputScale }
        clamp = parameters.reader.metadata.convClamp.map { $0 * outputScale } ?? .infinity
        gain = 1 / Float(inputChannels).squareRoot() * inputGain * outputScale
    }

    /// Of one image.
    var multiplyAdds: Int { affine.outputs * imgChannels * input.height * input.width }

    /// Computes the layer's weights from its w before it runs.
    ///
    /// - Parameters:
    ///   - ws: [numWs, wDim]
    ///   - weights: [imgChannels, I'], overwritten
    func prepare(ws: UnsafePointer<Float>, wDim: Int, weights: FloatBuffer) {
        let inputs = affine.outputs
        withUnsafeTemporaryAllocation(of: Float.self, capacity: inputs) { styles in
            guard let styles = styles.baseAddress else { return }
            affine.apply(ws + wIndex * wDim, result: styles, gain: gain)
            weight.withUnsafeBufferPointer { weight in
                for channel in 0..<imgChannels {
                    for index in 0..<inputs {
                        weights.pointer[channel * input.channels + index] =
                            weight[channel * inputs + index] * styles[index]
                    }
                }
            }
        }
    }

    /// Adds the layer's image to `image`.
    ///
    /// - Parameters:
    ///   - x: an `input` map
    ///   - weights: as `prepare` left them
    ///   - image: [imgChannels, H, W]
    func apply(
        x: UnsafePointer<Float>, weights: FloatBuffer, addingTo image: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        loop.run(input.height) { row, _ in
            apply(
                pixels: x + input.offset(row: row, column: 0), row: row, columns: 0..<input.width, weights: weights,
                addingTo: image)
        }
    }

    /// Likewise for some pixels of a row.
    ///
    /// - Parameter pixels: [columns.count, I']
    func apply(
        pixels: UnsafePointer<Float>, row: Int, columns: Range<Int>, weights: FloatBuffer,
        addingTo image: UnsafeMutablePointer<Float>
    ) {
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            Kernels.addWeightedChannels(
                x: pixels, weights: UnsafePointer(weights.pointer), count: columns.count, channels: input.channels,
                imgChannels: imgChannels, bias: bias, clamp: clamp,
                image: image + row * input.width + columns.lowerBound, planeStride: input.height * input.width)
        }
    }
}
