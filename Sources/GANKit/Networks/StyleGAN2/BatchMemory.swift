// SPDX-License-Identifier: Apache-2.0

/// Memory for the small maps of a batch's images, side by side.
///
/// Not `Sendable`: it belongs to one `StyleGAN2Workspace`.
final class BatchMemory {
    /// Activations between layers: one is read while the other is written.
    let activations: (FloatBuffer, FloatBuffer)
    /// Elements from an image to the next.
    let activationStride: Int
    /// The image so far and the next one.
    let pixels: (FloatBuffer, FloatBuffer)
    let pixelStride: Int
    /// Noise of one layer.
    let noise: FloatBuffer
    let noiseStride: Int

    init(for network: SynthesisNetwork, batch: Int) {
        let blocks = network.sharedBlocks
        activationStride = blocks.flatMap(\.layers).map { $0.convolution.output.count }.max() ?? 0
        noiseStride = blocks.last.map { $0.resolution * $0.resolution } ?? 0
        pixelStride = network.imgChannels * noiseStride
        activations = (FloatBuffer(count: batch * activationStride), FloatBuffer(count: batch * activationStride))
        pixels = (FloatBuffer(count: batch * pixelStride), FloatBuffer(count: batch * pixelStride))
        noise = FloatBuffer(count: batch * noiseStride)
    }
}
