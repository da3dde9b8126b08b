// SPDX-License-Identifier: Apache-2.0

/// The memory of a DCGAN, which makes one image at a time.
final class DCGANWorkspace: Workspace {
    /// One is read while the other is written.
    let activations: (FloatBuffer, FloatBuffer)
    /// What a layer gathers and sums.
    let scratch: FloatBuffer
    /// [imgChannels, H, W]
    let image: FloatBuffer

    init(stem: DCGANStem, layers: [DCGANLayer], threads: Int) {
        let threads = max(1, threads)
        let largest = max(stem.outputCount, layers.map(\.outputCount).max() ?? 0)
        activations = (FloatBuffer(count: largest), FloatBuffer(count: largest))
        scratch = FloatBuffer(
            count: max(stem.outputCount, layers.map { $0.convolution.scratchCount(threads: threads) }.max() ?? 0))
        image = FloatBuffer(count: layers.last.map { $0.channels * $0.side * $0.side } ?? 0)
        super.init(threads: threads, maxBatch: 1)
    }
}
