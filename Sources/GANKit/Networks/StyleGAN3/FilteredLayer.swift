// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A layer of a StyleGAN3 synthesis network: a modulated convolution with demodulation, and an activation between an
/// up-sampling and a down-sampling filter. There is no noise.
struct FilteredLayer: Sendable {
    enum Convolution: Sendable {
        /// Configuration T. The output is larger than the input by two, so that no pixel at the rim lacks a neighbour.
        case winograd(WinogradConvolution3x3)
        /// Configuration R.
        case pointwise(PointwiseConvolution)
    }

    /// "L0_36_512"
    let name: String
    /// Of one image, by the definition of the convolution.
    let multiplyAdds: Int
    /// Where the input lies in the convolution's input map.
    let input: ActivationMap
    let outputChannels: Int
    let convolution: Convolution
    let activation: FilteredActivation
    private let wIndex: Int
    private let affine: FullyConnectedLayer
    private let modulation: ModulatedConv2D
    /// [O']
    private let bias: Tensor
    private let inputGain: Float

    /// Takes the tensors below `synthesis.` and the layer's name.
    ///
    /// - Parameter output: where the output lies
    init(
        _ layer: StyleGAN3Geometry.Layer, in parameters: ParameterMap, wDim: Int, wIndex: Int, output: ActivationMap,
        loop: ParallelLoop
    ) throws {
        let shape = try FilteredLayerShape(layer, in: parameters)
        let filters = try LayerFilters(layer, in: parameters)
        let weight = try parameters.tensor(
            "\(shape.prefix).weight", shape: [shape.outputs, shape.inputs, shape.kernel, shape.kernel])
        name = layer.name
        self.wIndex = wIndex
        outputChannels = shape.outputs
        input = shape.input
        multiplyAdds =
            shape.kernel * shape.kernel * shape.inputs * shape.outputs * shape.convolvedSize * shape.convolvedSize
        affine = try FullyConnectedLayer(
            "\(shape.prefix).affine", in: parameters, inputs: wDim, outputs: shape.inputs)
        modulation = ModulatedConv2D(weight: weight, loop: loop)
        activation = FilteredActivation(
            inputSize: shape.convolvedSize, rimAfter: shape.tiledSize - shape.convolvedSize, output: output,
            upFilter: filters.up, up: layer.upFactor, downFilter: filters.down, down: layer.downFactor,
            padding: shape.padding(filters),
            nonlinearity: .init(clamp: parameters.reader.metadata.convClamp ?? .infinity))
        if shape.kernel == 1 {
            convolution = .pointwise(
                PointwiseConvolution(weight: weight, input: shape.input, output: activation.input, loop: loop))
        } else {
            convolution = .winograd(
                WinogradConvolution3x3(
                    weight: weight, height: shape.tiledSize, width: shape.tiledSize, output: activation.input,
                    tileSize: .four,
                    maxBatch: 1, loop: loop))
        }
        bias = try parameters.tensor("\(shape.prefix).bias", shape: [shape.outputs]).filledUp()
        inputGain = try Self.inputGain(shape.prefix, in: parameters)
    }

    /// `1 / sqrt(magnitude_ema)`: brings the input to the magnitude that it had in training on average.
    static func inputGain(_ prefix: String, in parameters: ParameterMap) throws -> Float {
        let magnitude = try parameters.tensor("\(prefix).magnitude_ema", shape: []).elements[0]
        guard magnitude > 0, magnitude.isFinite else {
            let name = "\(prefix).magnitude_ema"
            throw CheckpointError.malformed(detail: "tensor \(name.quoted) is \(magnitude), not positive")
        }
        return 1 / magnitude.squareRoot()
    }

    /// The elements of scratch memory that the layer needs with the given number of threads.
    func scratchCount(threads: Int) -> Int {
        let convolutionCount =
            switch convolution {
            case .winograd(let convolution): convolution.scratchCount(threads: threads)
            case .pointwise(let convolution): convolution.scratchCount(threads: threads)
            }
        return max(convolutionCount, activation.scratchCount(threads: threads))
    }

    /// How the layer's w becomes its style.
    var styleAffine: StyleAffine { StyleAffine(wIndex: wIndex, weight: affine.weight) }

    /// Computes what the layer needs of its w before it runs.
    ///
    /// - Parameter ws: [numWs, wDim]
    func prepare(ws: UnsafePointer<Float>, wDim: Int, style: LayerStyle) {
        affine.apply(ws + wIndex * wDim, result: style.styles.pointer)
        modulation.normalizedDemodulation(
            styles: style.styles.pointer, gain: inputGain, result: style.demodulation.pointer)
    }

    /// - Parameters:
    ///   - x: an `input` map with its rim; overwritten by the output, an `activation.output` map whose rim is cleared
    ///   - t: memory for what the convolution makes
    func apply(
        x: UnsafeMutablePointer<Float>, t: UnsafeMutablePointer<Float>, style: LayerStyle,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            // The activation comes after the up-sampling.
            let epilogue = ActivationEpilogue(
                scale: style.demodulation.pointer, bias: bias, noise: nil, noiseStrength: 0, clamp: .infinity, slope: 1)
            let image = LayerImage(x: x, styles: style.styles.pointer, y: t, epilogue: epilogue)
            switch convolution {
            case .winograd(let convolution): convolution.apply([image], scratch: scratch, loop: loop)
            case .pointwise(let convolution): convolution.apply(image, scratch: scratch, loop: loop)
            }
        }
        // Also what the last tiles have beyond the output.
        activation.input.clearRim(t)
        activation.apply(x: t, y: x, scratch: scratch, loop: loop)
        activation.output.clearRim(x)
    }
}
