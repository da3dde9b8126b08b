// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A modulated 3x3 convolution with demodulation, noise, bias and leaky ReLU; doubles the resolution where it up-samples.
struct SynthesisLayer: Sendable {
    /// "b64.conv1"
    let name: String
    /// Of the output.
    let resolution: Int
    /// Of one image, by the definition of the convolution.
    let multiplyAdds: Int
    /// The layer's place among the network's convolutions, and that of its w among the w vectors.
    let wIndex: Int
    let convolution: LayerConvolution
    private let affine: FullyConnectedLayer
    private let modulation: ModulatedConv2D
    /// [H, W]
    private let noiseConst: Tensor
    /// Of the activation and of the layer.
    private let gain: Float
    /// With the gain.
    private let noiseStrength: Float
    /// With the gain, [O'].
    private let bias: Tensor
    private let clamp: Float

    /// Takes the tensors below `prefix`.
    ///
    /// - Parameters:
    ///   - gain: of the layer's output, beside that of the activation
    ///   - maxBatch: the most images that go through together
    init(
        _ prefix: String, in parameters: ParameterMap, inputChannels: Int, outputChannels: Int,
        resolution: Int, wDim: Int, wIndex: Int, isUpsampling: Bool, gain layerGain: Float = 1, maxBatch: Int,
        loop: ParallelLoop
    ) throws {
        name = String(prefix.dropFirst("synthesis.".count))
        self.resolution = resolution
        // A transposed convolution of stride 2 meets each tap once an input pixel.
        multiplyAdds = 9 * inputChannels * outputChannels * resolution * resolution / (isUpsampling ? 4 : 1)
        self.wIndex = wIndex
        affine = try FullyConnectedLayer(
            "\(prefix).affine", in: parameters, inputs: wDim, outputs: inputChannels)
        let weight = try parameters.tensor("\(prefix).weight", shape: [outputChannels, inputChannels, 3, 3])
        modulation = ModulatedConv2D(weight: weight, loop: loop)
        if isUpsampling {
            let filterName = "\(prefix).resample_filter"
            let filter = try ResampleFilter(parameters.anyTensor(filterName), name: filterName)
            convolution = LayerConvolution(
                weight: weight, filter: filter, upsampling: resolution / 2, maxBatch: maxBatch, loop: loop)
        } else {
            convolution = LayerConvolution(weight: weight, resolution: resolution, maxBatch: maxBatch, loop: loop)
        }
        let gain = ActivationEpilogue.gain * layerGain
        self.gain = gain
        noiseConst = try parameters.tensor("\(prefix).noise_const", shape: [resolution, resolution])
        noiseStrength = try parameters.tensor("\(prefix).noise_strength", shape: []).elements[0] * gain
        bias = try parameters.tensor("\(prefix).bias", shape: [outputChannels]).mapped { $0 * gain }.filledUp()
        clamp = parameters.reader.metadata.convClamp.map { $0 * layerGain } ?? .infinity
    }

    /// How the layer's w becomes its style.
    var styleAffine: StyleAffine { StyleAffine(wIndex: wIndex, weight: affine.weight) }

    /// Computes what the layer needs of its w before it runs.
    ///
    /// - Parameter ws: [numWs, wDim]
    func prepare(ws: UnsafePointer<Float>, wDim: Int, style: LayerStyle) {
        affine.apply(ws + wIndex * wDim, result: style.styles.pointer)
        modulation.demodulation(
            styles: style.styles.pointer, gain: gain, result: style.demodulation.pointer)
    }

    /// Runs the layer on the images of `lanes`.
    ///
    /// - Parameters:
    ///   - from: where a lane's input lies, a `convolution.input` map
    ///   - to: where its output goes, a `convolution.output` map
    ///   - receiver: is handed the output, if `convolution.canHandOver`; images are numbered as the lanes are
    func apply(
        _ lanes: inout [SynthesisLane], from: KeyPath<SynthesisLane, UnsafePointer<Float>>,
        to: KeyPath<SynthesisLane, UnsafeMutablePointer<Float>>, workspace: StyleGAN2Workspace,
        receiver: PixelReceiver? = nil
    ) {
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            let images = lanes.indices.map { index in
                // Drawn even where its strength is zero, since the layers after continue the stream.
                let noise = lanes[index].nextNoise(constant: noiseConst)
                let style = workspace.layerStyles[lanes[index].image][wIndex]
                let epilogue = ActivationEpilogue(
                    scale: style.demodulation.pointer, bias: bias, noise: noiseStrength == 0 ? nil : noise,
                    noiseStrength: noiseStrength, clamp: clamp)
                return LayerImage(
                    x: lanes[index][keyPath: from], styles: style.styles.pointer, y: lanes[index][keyPath: to],
                    epilogue: epilogue)
            }
            convolution.apply(
                images, intermediate: workspace.intermediate.pointer, scratch: workspace.scratch.pointer,
                loop: workspace.loop, receiver: receiver)
        }
    }
}
