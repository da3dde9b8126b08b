// SPDX-License-Identifier: Apache-2.0

/// The network that turns w vectors into an image, in the "skip" architecture: the image grows with the blocks, each of
/// which adds what its ToRGB layer makes.
struct SynthesisNetwork: Sendable {
    let blocks: [SynthesisBlock]
    let imgChannels: Int

    init(_ parameters: ParameterMap, configuration: GeneratorConfiguration) throws {
        imgChannels = configuration.imgChannels
        var blocks: [SynthesisBlock] = []
        for (resolution, channels) in zip(configuration.blockResolutions, configuration.channels) {
            blocks.append(
                try SynthesisBlock(
                    parameters, configuration: configuration, resolution: resolution,
                    inputChannels: blocks.last?.conv1.outputChannels, outputChannels: channels))
        }
        self.blocks = blocks
    }

    /// Synthesises one image.
    ///
    /// - Parameter ws: [numWs, wDim]
    /// - Returns: the image in one of the workspace's buffers, [imgChannels, H, W], until the workspace is used again
    func callAsFunction(
        ws: UnsafePointer<Float>, wDim: Int, noise: inout NoiseSource, workspace: Workspace
    ) -> UnsafePointer<Float> {
        let x = workspace.activations.0.pointer
        let y = workspace.activations.1.pointer
        var image = workspace.images.0.pointer
        var nextImage = workspace.images.1.pointer
        // A block's ToRGB shares its w with the first convolution of the block after.
        var w = ws
        for block in blocks {
            let pixels = block.resolution * block.resolution
            switch block.input {
            case .const(let const):
                const.withUnsafeBufferPointer { const in
                    y.update(from: const.baseAddress ?? UnsafePointer(y), count: const.count)
                }
                image.update(repeating: 0, count: imgChannels * pixels)
            case .conv0(let conv0, let upsampling):
                conv0.apply(x: x, w: w, y: y, noise: &noise, workspace: workspace)
                w += wDim
                upsampling.apply(
                    x: image, channels: imgChannels, height: block.resolution / 2, width: block.resolution / 2,
                    y: nextImage, loop: workspace.loop)
                swap(&image, &nextImage)
            }
            block.conv1.apply(x: y, w: w, y: x, noise: &noise, workspace: workspace)
            w += wDim
            block.torgb.apply(x: x, w: w, addingTo: image, workspace: workspace)
        }
        return UnsafePointer(image)
    }
}
