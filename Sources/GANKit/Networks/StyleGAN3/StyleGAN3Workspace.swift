// SPDX-License-Identifier: Apache-2.0

/// The memory of a StyleGAN3 synthesis network. Images go through it one by one: their activations are heavier than the
/// weights almost everywhere.
final class StyleGAN3Workspace: Workspace {
    let waves: PlaneWaves
    /// What each layer takes, and then what it makes.
    let activations: FloatBuffer
    /// What its convolution makes.
    let convolved: FloatBuffer
    let scratch: FloatBuffer
    /// One for each layer that filters.
    let styles: [LayerStyle]
    /// [imgChannels, I']
    let rgbWeights: FloatBuffer
    /// [imgChannels, H, W]
    let pixels: FloatBuffer

    init(for network: StyleGAN3Synthesis, threads: Int) {
        let threads = max(1, threads)
        let layers = network.layers
        waves = PlaneWaves(channels: network.input.output.channels)
        activations = FloatBuffer(
            count: max(network.input.output.count, layers.map(\.activation.output.count).max() ?? 0))
        convolved = FloatBuffer(count: layers.map(\.activation.input.count).max() ?? 0)
        scratch = FloatBuffer(
            count: max(
                network.input.scratchCount(threads: threads),
                layers.map { $0.scratchCount(threads: threads) }.max() ?? 0))
        styles = layers.map {
            LayerStyle(
                inputChannels: $0.input.channels, outputChannels: Lanes.padded($0.outputChannels))
        }
        rgbWeights = FloatBuffer(zeros: network.imgChannels * network.torgb.input.channels)
        pixels = FloatBuffer(count: network.imgChannels * network.torgb.input.height * network.torgb.input.width)
        super.init(threads: threads, maxBatch: 1)
    }
}
