// SPDX-License-Identifier: Apache-2.0

/// The memory and the threads with which one worker makes images, allocated once and used again for each image.
///
/// Not `Sendable`: one worker uses it at a time.
public final class Workspace {
    let loop: ParallelLoop
    /// Activations between layers: one is read while the other is written, [C, H, W] of any layer.
    let activations: (FloatBuffer, FloatBuffer)
    /// What an up-sampling convolution leaves for its low-pass.
    let intermediate: FloatBuffer
    /// The image so far and the next one, [imgChannels, H, W].
    let images: (FloatBuffer, FloatBuffer)
    /// Noise of one layer, [H, W].
    let noise: FloatBuffer
    /// Styles of one layer, [I].
    let styles: FloatBuffer
    /// Demodulation factors of one layer, [O].
    let demodulation: FloatBuffer
    /// For each thread.
    let scratch: [FloatBuffer]

    init(for network: SynthesisNetwork, threads: Int) {
        let layers = network.blocks.flatMap(\.layers)
        let resolution = network.blocks.last?.resolution ?? 0
        let activationCount = layers.map { $0.outputChannels * $0.resolution * $0.resolution }.max() ?? 0
        let channelCount = layers.map { max($0.inputChannels, $0.outputChannels) }.max() ?? 0
        loop = ParallelLoop(threads: max(1, threads))
        activations = (FloatBuffer(count: activationCount), FloatBuffer(count: activationCount))
        intermediate = FloatBuffer(count: layers.map(\.intermediateCount).max() ?? 0)
        let imageCount = network.imgChannels * resolution * resolution
        images = (FloatBuffer(count: imageCount), FloatBuffer(count: imageCount))
        noise = FloatBuffer(count: resolution * resolution)
        styles = FloatBuffer(count: channelCount)
        demodulation = FloatBuffer(count: channelCount)
        let scratchCount = layers.map(\.scratchCount).max() ?? 0
        scratch = (0..<max(1, threads)).map { _ in FloatBuffer(count: scratchCount) }
    }
}
