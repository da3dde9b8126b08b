// SPDX-License-Identifier: Apache-2.0

/// The memory of a StyleGAN, which makes one image at a time.
final class StyleGANWorkspace: Workspace {
    /// One is read while the other is written.
    let activations: (FloatBuffer, FloatBuffer)
    /// What an up-sampling convolution leaves for its low-pass.
    let intermediate: FloatBuffer
    /// Factors and products of a convolution, then the sums of its normalisation.
    let scratch: FloatBuffer
    /// One layer's style.
    let style: FloatBuffer
    /// Noise of one layer, [H, W].
    let noise: FloatBuffer
    /// [imgChannels, H, W]
    let image: FloatBuffer

    init(layers: [StyleGANLayer], imageCount: Int, threads: Int) {
        let threads = max(1, threads)
        let largest = layers.map(\.outputCount).max() ?? 0
        activations = (FloatBuffer(count: largest), FloatBuffer(count: largest))
        intermediate = FloatBuffer(count: layers.map(\.intermediateCount).max() ?? 0)
        scratch = FloatBuffer(count: layers.map { $0.scratchCount(threads: threads) }.max() ?? 0)
        style = FloatBuffer(count: layers.map(\.styleCount).max() ?? 0)
        noise = FloatBuffer(count: layers.last.map { $0.map.height * $0.map.width } ?? 0)
        image = FloatBuffer(count: imageCount)
        super.init(threads: threads, maxBatch: 1)
    }
}
