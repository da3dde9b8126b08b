// SPDX-License-Identifier: Apache-2.0

/// The network that turns w vectors into an image, in the "skip" architecture: the image grows with the blocks, each of
/// which adds what its ToRGB layer makes.
struct SynthesisNetwork: Sendable {
    let blocks: [SynthesisBlock]
    /// Every convolution in order.
    let layers: [SynthesisLayer]
    let imgChannels: Int
    let wDim: Int

    init(_ parameters: ParameterMap, configuration: GeneratorConfiguration, loop: ParallelLoop) throws {
        imgChannels = configuration.imgChannels
        wDim = configuration.wDim
        var blocks: [SynthesisBlock] = []
        for (index, resolution) in configuration.blockResolutions.enumerated() {
            blocks.append(
                try SynthesisBlock(
                    parameters, configuration: configuration, resolution: resolution,
                    inputChannels: index == 0 ? nil : configuration.channels[index - 1],
                    outputChannels: configuration.channels[index], wIndex: index == 0 ? 0 : 2 * index - 1, loop: loop))
        }
        self.blocks = blocks
        layers = blocks.flatMap(\.layers)
    }

    /// Synthesises one image.
    ///
    /// - Parameter ws: [numWs, wDim]
    /// - Returns: the image in one of the workspace's buffers, [imgChannels, H, W], until the workspace is used again
    func callAsFunction(
        ws: UnsafePointer<Float>, noise: inout NoiseSource, workspace: Workspace
    ) -> UnsafePointer<Float> {
        prepareStyles(ws: ws, workspace: workspace)
        var layerIndex = 0
        let profile = workspace.profile
        let x = workspace.activations.0.pointer
        let y = workspace.activations.1.pointer
        var image = workspace.images.0.pointer
        var nextImage = workspace.images.1.pointer
        /// Runs the next layer of the network.
        func run(_ layer: SynthesisLayer, from source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
            let style = workspace.layerStyles[layerIndex]
            measured(profile, layer.name, layer.multiplyAdds) {
                layer.apply(x: source, style: style, y: target, noise: &noise, workspace: workspace)
            }
            layerIndex += 1
        }
        for (index, block) in blocks.enumerated() {
            switch block.input {
            case .const(let const):
                image.update(repeating: 0, count: imgChannels * block.resolution * block.resolution)
                const.withUnsafeBufferPointer { const in
                    if let const = const.baseAddress { run(block.conv1, from: const, to: x) }
                }
            case .conv0(let conv0, let upsampling):
                upsampling.apply(
                    x: image, channels: imgChannels, height: block.resolution / 2, width: block.resolution / 2,
                    y: nextImage, loop: workspace.loop)
                swap(&image, &nextImage)
                run(conv0, from: x, to: y)
                run(block.conv1, from: y, to: x)
            }
            measured(profile, "b\(block.resolution).torgb", block.torgb.multiplyAdds) {
                block.torgb.apply(x: x, weights: workspace.rgbWeights[index], addingTo: image, loop: workspace.loop)
            }
        }
        return UnsafePointer(image)
    }

    private func measured(
        _ profile: LayerProfile?, _ name: @autoclosure () -> String, _ multiplyAdds: Int, _ body: () -> Void
    ) {
        if let profile {
            profile.measure(name(), multiplyAdds: multiplyAdds, body)
        } else {
            body()
        }
    }

    /// Computes the factors of all layers, which depend on ws alone.
    private func prepareStyles(ws: UnsafePointer<Float>, workspace: Workspace) {
        workspace.loop.run(layers.count + blocks.count) { index, _ in
            if index < layers.count {
                layers[index].prepare(ws: ws, wDim: wDim, style: workspace.layerStyles[index])
            } else {
                let block = index - layers.count
                blocks[block].torgb.prepare(ws: ws, wDim: wDim, weights: workspace.rgbWeights[block])
            }
        }
    }
}
