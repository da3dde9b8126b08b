// SPDX-License-Identifier: Apache-2.0

/// A DCGAN generator (Radford, Metz, Chintala: "Unsupervised representation learning with deep convolutional generative
/// adversarial networks", 2016) whose batch normalisation has been multiplied into its weights: z through a fully connected
/// layer that makes a small image, then transposed convolutions with ReLU or leaky ReLU between them, and tanh.
struct DCGANNetwork: GeneratorNetwork {
    /// Widths and heights that this version runs.
    static let supportedResolutions = 4...1024
    private static let mostLayers = 12

    let configuration: GeneratorConfiguration
    private let traits: DCGANTraits
    private let stem: DCGANStem
    private let layers: [DCGANLayer]

    init(_ parameters: ParameterMap, loop: ParallelLoop) throws {
        guard let traits = parameters.reader.metadata.dcgan else {
            throw CheckpointError.malformed(
                detail: "metadata 'dcgan_strides' and 'dcgan_paddings' of a DCGAN are missing")
        }
        let count = traits.strides.count
        guard (1...Self.mostLayers).contains(count), traits.paddings.count == count,
            traits.strides.allSatisfy((1...4).contains)
        else {
            throw CheckpointError.unsupported(
                detail:
                    "a DCGAN with strides \(traits.strides) and paddings \(traits.paddings) is not supported, only 1 to "
                    + "\(Self.mostLayers) layers of stride 1 to 4 with a padding each")
        }
        self.traits = traits
        stem = try DCGANStem(parameters, loop: loop)
        var layers: [DCGANLayer] = []
        var (channels, side) = (stem.channels, stem.side)
        for index in 0..<count {
            let layer = try DCGANLayer(
                "layers.\(index)", in: parameters, inputs: channels, side: side, stride: traits.strides[index],
                padding: traits.paddings[index], loop: loop)
            layers.append(layer)
            (channels, side) = (layer.channels, layer.side)
        }
        self.layers = layers
        try GeneratorConfiguration.check(imgChannels: channels)
        guard Self.supportedResolutions.contains(side) else {
            throw CheckpointError.unsupported(
                detail: "resolution \(side) is not supported, only \(Self.supportedResolutions.lowerBound) to "
                    + "\(Self.supportedResolutions.upperBound)")
        }
        var configuration = GeneratorConfiguration(
            architecture: parameters.reader.metadata.architecture, zDim: stem.inputs, cDim: 0, wDim: stem.inputs,
            numWs: 1,
            imgResolution: side, imgChannels: channels)
        configuration.hasTruncation = false
        configuration.hasNoise = false
        self.configuration = configuration
    }

    func makeWorkspace(threads: Int, batch: Int) -> DCGANWorkspace {
        DCGANWorkspace(stem: stem, layers: layers, threads: threads)
    }

    func drawZ(from stream: inout NumPyRandomState) -> [Float] {
        (0..<stem.inputs).map { _ in
            switch traits.latent {
            case .normal: Float(stream.nextNormal())
            case .uniform: Float(-1 + 2 * stream.nextUniform())
            }
        }
    }

    /// z itself.
    func latent(
        z: [Float], like request: GenerationRequest, stream: NumPyRandomState
    ) throws(GenerationError) -> Latent {
        _ = try classIndex(of: request)
        return Latent(ws: z, wDim: stem.inputs, noise: NoiseSource(mode: .none, stream: stream))
    }

    func synthesize(
        _ latents: [Latent], workspace: DCGANWorkspace, deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        let (side, channels) = (configuration.imgResolution, configuration.imgChannels)
        for (index, latent) in latents.enumerated() {
            var (source, target) = workspace.activations
            workspace.measured("stem", stem.multiplyAdds) {
                stem.apply(
                    z: latent.ws, y: source.pointer, slope: traits.negativeSlope, scratch: workspace.scratch.pointer)
            }
            for (number, layer) in layers.enumerated() {
                workspace.measured("layers.\(number)", layer.convolution.multiplyAdds) {
                    layer.apply(
                        x: source.pointer, y: target.pointer,
                        slope: number == layers.count - 1 ? 1 : traits.negativeSlope, workspace: workspace)
                }
                swap(&source, &target)
            }
            let padded = Lanes.padded(channels)
            let image = workspace.image.pointer
            workspace.loop.run(side) { row, _ in
                for column in 0..<side {
                    let pixel = row * side + column
                    for channel in 0..<channels {
                        image[channel * side * side + pixel] =
                            HyperbolicTangent.of(source.pointer[pixel * padded + channel])
                    }
                }
            }
            deliver(index, image)
        }
    }

    func picture(of image: UnsafePointer<Float>, loop: ParallelLoop) -> RGBImage {
        RGBImage(
            quantizing: image, channels: configuration.imgChannels, height: configuration.imgResolution,
            width: configuration.imgResolution, offset: traits.pixelOffset, loop: loop)
    }
}
