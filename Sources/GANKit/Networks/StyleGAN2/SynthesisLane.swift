// SPDX-License-Identifier: Apache-2.0

/// One image of a batch on its way through the synthesis network: where its activations and its pixels are.
struct SynthesisLane {
    /// Which image of the batch it is.
    let image: Int
    /// What the next block starts from.
    var input: UnsafePointer<Float>
    /// Where a block's last convolution puts its output ...
    var x: UnsafeMutablePointer<Float>
    /// ... and its first one.
    var y: UnsafeMutablePointer<Float>
    /// The image so far, [imgChannels, H, W].
    var pixels: UnsafeMutablePointer<Float>
    /// Where images are put in turn.
    var pixelBuffers: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    /// Where random noise is put.
    var noiseBuffer: UnsafeMutablePointer<Float>
    private var noise: NoiseSource

    /// A lane in the memory that the images of a batch have side by side.
    init(image: Int, noise: NoiseSource, workspace: StyleGAN2Workspace) {
        let batch = workspace.batchMemory
        self.image = image
        self.noise = noise
        x = batch.activations.0.pointer + image * batch.activationStride
        y = batch.activations.1.pointer + image * batch.activationStride
        input = UnsafePointer(x)
        pixelBuffers = (
            batch.pixels.0.pointer + image * batch.pixelStride, batch.pixels.1.pointer + image * batch.pixelStride
        )
        pixels = pixelBuffers.0
        noiseBuffer = batch.noise.pointer + image * batch.noiseStride
    }

    /// The output of a block's first convolution, to be read.
    var between: UnsafePointer<Float> { UnsafePointer(y) }

    /// Moves on to the memory for large maps, of which there is room for one image only; what there is so far stays.
    mutating func moveToSingleMemory(of workspace: StyleGAN2Workspace) {
        x = workspace.activations.0.pointer
        y = workspace.activations.1.pointer
        pixelBuffers = (workspace.pixels.0.pointer, workspace.pixels.1.pointer)
        noiseBuffer = workspace.noise.pointer
    }

    /// The buffer for the next image.
    var nextPixels: UnsafeMutablePointer<Float> {
        pixels == pixelBuffers.0 ? pixelBuffers.1 : pixelBuffers.0
    }

    /// The noise of the next layer, or nil for none.
    mutating func nextNoise(constant: Tensor) -> UnsafePointer<Float>? {
        noise.next(constant: constant, buffer: noiseBuffer)
    }
}
