// SPDX-License-Identifier: Apache-2.0

/// A StyleGAN generator (Karras, Laine, Aila: "A style-based generator architecture for generative adversarial networks",
/// 2019), fully grown: a constant, two layers for each resolution, and one ToRGB layer at the end.
///
/// The pictures are those that the official TensorFlow implementation makes of the same weights.
struct StyleGANNetwork: GeneratorNetwork {
    let configuration: GeneratorConfiguration
    private let mapping: MappingNetwork
    private let layers: [StyleGANLayer]
    /// How many w vectors truncation reaches where the request does not say.
    private let truncationCutoff: Int?
    /// With the layer's gain, [imgChannels, C'].
    private let rgbWeights: Tensor
    /// [imgChannels]
    private let rgbBias: [Float]

    init(_ parameters: ParameterMap, loop: ParallelLoop) throws {
        let sizes = try SynthesisConfiguration(parameters)
        let metadata = parameters.reader.metadata
        truncationCutoff = metadata.truncationCutoff
        mapping = try MappingNetwork(parameters, wDim: sizes.wDim, numWs: sizes.numWs, loop: loop)
        var layers: [StyleGANLayer] = []
        for (index, resolution) in sizes.blockResolutions.enumerated() {
            let block = "synthesis.b\(resolution)"
            let channels = sizes.channels[index]
            if let inputs = layers.last?.channels {
                layers.append(
                    try StyleGANLayer(
                        "\(block).conv0", in: parameters, inputs: inputs, outputs: channels, resolution: resolution,
                        wDim: sizes.wDim, wIndex: 2 * index, isUpsampling: true, loop: loop))
            } else {
                layers.append(
                    try StyleGANLayer(constantOf: block, in: parameters, channels: channels, wDim: sizes.wDim))
            }
            layers.append(
                try StyleGANLayer(
                    "\(block).conv1", in: parameters, inputs: channels, outputs: channels, resolution: resolution,
                    wDim: sizes.wDim, wIndex: 2 * index + 1, isUpsampling: false, loop: loop))
        }
        self.layers = layers
        let last = "synthesis.b\(sizes.imgResolution).torgb"
        let channels = sizes.channels[sizes.channels.count - 1]
        let padded = Lanes.padded(channels)
        let weight = try parameters.tensor("\(last).weight", shape: [sizes.imgChannels, channels, 1, 1]).elements
        let gain = 1 / Float(channels).squareRoot()
        rgbWeights = Tensor(shape: [sizes.imgChannels, padded]) { elements in
            for index in elements.indices {
                let (row, channel) = index.quotientAndRemainder(dividingBy: padded)
                elements[index] = channel < channels ? weight[row * channels + channel] * gain : 0
            }
        }
        rgbBias = try parameters.tensor("\(last).bias", shape: [sizes.imgChannels]).elements
        configuration = GeneratorConfiguration(
            architecture: metadata.architecture, zDim: mapping.zDim, cDim: mapping.cDim, wDim: sizes.wDim,
            numWs: sizes.numWs, imgResolution: sizes.imgResolution, imgChannels: sizes.imgChannels)
    }

    var styleAffines: [StyleAffine] { layers.map(\.styleAffine) }

    func makeWorkspace(threads: Int, batch: Int) -> StyleGANWorkspace {
        StyleGANWorkspace(
            layers: layers,
            imageCount: configuration.imgChannels * configuration.imgResolution * configuration.imgResolution,
            threads: threads)
    }

    func latent(
        z: [Float], like request: GenerationRequest, stream: NumPyRandomState
    ) throws(GenerationError) -> Latent {
        var request = request
        request.truncationCutoff = request.truncationCutoff ?? truncationCutoff
        return try mapping.latent(z: z, like: request, classIndex: classIndex(of: request), stream: stream)
    }

    func synthesize(
        _ latents: [Latent], workspace: StyleGANWorkspace,
        deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        for (index, latent) in latents.enumerated() {
            var noise = latent.noise
            var (source, target) = workspace.activations
            latent.ws.withUnsafeBufferPointer { ws in
                guard let ws = ws.baseAddress else { return }
                for layer in layers {
                    workspace.measured(layer.name, layer.multiplyAdds) {
                        layer.apply(
                            x: source.pointer, y: target.pointer, ws: ws, noise: &noise, workspace: workspace)
                    }
                    swap(&source, &target)
                }
            }
            makeRGB(source.pointer, workspace: workspace)
            deliver(index, workspace.image.pointer)
        }
    }

    private func makeRGB(_ x: UnsafePointer<Float>, workspace: StyleGANWorkspace) {
        guard let map = layers.last?.map else { return }
        let image = workspace.image.pointer
        rgbWeights.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            workspace.loop.run(map.height) { row, _ in
                for channel in rgbBias.indices {
                    (image + (channel * map.height + row) * map.width).update(repeating: 0, count: map.width)
                }
                rgbBias.withUnsafeBufferPointer { bias in
                    guard let bias = bias.baseAddress else { return }
                    Kernels.addWeightedChannels(
                        x: x + map.offset(row: row, column: 0), weights: weights, count: map.width,
                        channels: map.channels, imgChannels: rgbBias.count, bias: bias, clamp: .infinity,
                        image: image + row * map.width, planeStride: map.height * map.width)
                }
            }
        }
    }
}
