// SPDX-License-Identifier: Apache-2.0

/// The memory and the threads with which one worker makes images, allocated once and used again for each image.
///
/// Not `Sendable`: one worker uses it at a time.
public final class Workspace {
    /// The most threads that the memory suffices for.
    public let maxThreads: Int
    /// The threads that work on the next image, 1 to `maxThreads`. A picture's bytes do not depend on it.
    public var threads: Int {
        didSet { threads = min(max(1, threads), maxThreads) }
    }
    /// Collects how long each layer takes, if set.
    public var profile: LayerProfile?
    /// Activations between layers: one is read while the other is written.
    let activations: (FloatBuffer, FloatBuffer)
    /// What an up-sampling convolution leaves for its low-pass.
    let intermediate: FloatBuffer
    /// Factors and products of a convolution.
    let scratch: FloatBuffer
    /// The image so far and the next one, [imgChannels, H, W].
    let images: (FloatBuffer, FloatBuffer)
    /// Noise of one layer, [H, W].
    let noise: FloatBuffer
    /// One for each convolution.
    let layerStyles: [LayerStyle]
    /// One for each ToRGB layer, [imgChannels, I'].
    let rgbWeights: [FloatBuffer]

    /// Runs pieces of work on `threads` threads.
    var loop: ParallelLoop { ParallelLoop(threads: threads) }

    init(for network: SynthesisNetwork, threads: Int) {
        let threads = max(1, threads)
        let convolutions = network.layers.map(\.convolution)
        let activationCount = convolutions.map { max($0.input.count, $0.output.count) }.max() ?? 0
        let resolution = network.blocks.last?.resolution ?? 0
        let imageCount = network.imgChannels * resolution * resolution
        maxThreads = threads
        self.threads = threads
        activations = (FloatBuffer(count: activationCount), FloatBuffer(count: activationCount))
        intermediate = FloatBuffer(count: convolutions.map(\.intermediateCount).max() ?? 0)
        scratch = FloatBuffer(count: convolutions.map { $0.scratchCount(threads: threads) }.max() ?? 0)
        images = (FloatBuffer(count: imageCount), FloatBuffer(count: imageCount))
        noise = FloatBuffer(count: resolution * resolution)
        layerStyles = convolutions.map {
            LayerStyle(inputChannels: $0.input.channels, outputChannels: $0.output.channels)
        }
        rgbWeights = network.blocks.map { FloatBuffer(zeros: network.imgChannels * $0.torgb.input.channels) }
    }
}
