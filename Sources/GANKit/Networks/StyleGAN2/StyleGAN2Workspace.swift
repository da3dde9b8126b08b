// SPDX-License-Identifier: Apache-2.0

/// The memory of a StyleGAN2 synthesis network.
final class StyleGAN2Workspace: Workspace {
    /// Small maps of all images of a batch.
    let batchMemory: BatchMemory
    /// Large activations, of one image at a time.
    let activations: (FloatBuffer, FloatBuffer)
    /// What an up-sampling convolution leaves for its low-pass.
    let intermediate: FloatBuffer
    /// Factors and products of a convolution.
    let scratch: FloatBuffer
    /// The large image so far and the next one, [imgChannels, H, W].
    let pixels: (FloatBuffer, FloatBuffer)
    /// Noise of one large layer, [H, W].
    let noise: FloatBuffer
    /// For each image of a batch one for each convolution.
    let layerStyles: [[LayerStyle]]
    /// For each image of a batch one for each ToRGB layer, [imgChannels, I'].
    let rgbWeights: [[FloatBuffer]]

    init(for network: SynthesisNetwork, threads: Int, batch: Int) {
        let threads = max(1, threads)
        let batch = min(max(1, batch), SynthesisNetwork.maxBatch)
        let largeBlocks = network.blocks[network.sharedBlocks.endIndex...]
        let shared = network.sharedBlocks.flatMap(\.layers).map(\.convolution)
        let single = largeBlocks.flatMap(\.layers).map(\.convolution)
        let largestMap = single.map(\.output.count).max() ?? 0
        let resolution = largeBlocks.last?.resolution ?? 0
        batchMemory = BatchMemory(for: network, batch: batch)
        activations = (FloatBuffer(count: largestMap), FloatBuffer(count: largestMap))
        intermediate = FloatBuffer(
            count: max(
                batch * (shared.map(\.intermediateCount).max() ?? 0), single.map(\.intermediateCount).max() ?? 0))
        scratch = FloatBuffer(
            count: max(
                shared.map { $0.scratchCount(threads: threads, batch: batch) }.max() ?? 0,
                single.map { $0.scratchCount(threads: threads, batch: 1) }.max() ?? 0))
        let pixelCount = network.imgChannels * resolution * resolution
        pixels = (FloatBuffer(count: pixelCount), FloatBuffer(count: pixelCount))
        noise = FloatBuffer(count: resolution * resolution)
        layerStyles = (0..<batch).map { _ in
            network.layers.map {
                LayerStyle(
                    inputChannels: $0.convolution.input.channels, outputChannels: $0.convolution.output.channels)
            }
        }
        rgbWeights = (0..<batch).map { _ in
            network.blocks.map { FloatBuffer(zeros: network.imgChannels * ($0.torgb?.input.channels ?? 0)) }
        }
        super.init(threads: threads, maxBatch: batch)
    }
}
