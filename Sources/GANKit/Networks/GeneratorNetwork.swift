// SPDX-License-Identifier: Apache-2.0

/// One architecture: how a request becomes a latent, and a latent an image.
///
/// An architecture has a folder of its own, reads its sizes off the checkpoint itself, and is entered in
/// `GeneratorArchitecture`. It keeps what `Generator` promises: the bits of an image depend neither on the threads nor on
/// the images beside it, and after `makeWorkspace` no layer allocates memory.
protocol GeneratorNetwork: Sendable {
    /// The memory that the network needs.
    associatedtype Memory: Workspace

    /// Sizes and capabilities.
    var configuration: GeneratorConfiguration { get }

    /// Loads the network.
    ///
    /// - Parameter loop: the threads that may work on it
    /// - Throws: `CheckpointError` when a tensor is missing or does not fit, or the network is of an unsupported kind
    init(_ parameters: ParameterMap, loop: ParallelLoop) throws

    /// The memory for one worker. The network may choose a smaller batch.
    func makeWorkspace(threads: Int, batch: Int) -> Memory

    /// How w becomes the styles of each convolution in turn; none without styles.
    var styleAffines: [StyleAffine] { get }

    /// Draws an input z of `zDim` elements from a seed's stream.
    func drawZ(from stream: inout NumPyRandomState) -> [Float]

    /// Maps and truncates an input z.
    ///
    /// - Parameters:
    ///   - z: [zDim]
    ///   - request: all but the seed
    ///   - stream: where random noise comes from
    func latent(
        z: [Float], like request: GenerationRequest, stream: NumPyRandomState
    ) throws(GenerationError) -> Latent

    /// Makes images.
    ///
    /// - Parameters:
    ///   - latents: no more than `workspace.maxBatch`, each of `numWs` vectors of `wDim` elements
    ///   - deliver: is handed each image, [imgChannels, imgResolution, imgResolution], which is valid during the call, and
    ///     its place among `latents`
    func synthesize(
        _ latents: [Latent], workspace: Memory, deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void)

    /// The picture of an image.
    func picture(of image: UnsafePointer<Float>, loop: ParallelLoop) -> RGBImage
}

extension GeneratorNetwork {
    /// None.
    var styleAffines: [StyleAffine] { [] }

    /// Normally distributed, as the official scripts draw it.
    func drawZ(from stream: inout NumPyRandomState) -> [Float] {
        stream.standardNormal(count: configuration.zDim).map { Float($0) }
    }

    /// Of an image from -1 to 1, as the official StyleGAN scripts round.
    func picture(of image: UnsafePointer<Float>, loop: ParallelLoop) -> RGBImage {
        RGBImage(
            quantizing: image, channels: configuration.imgChannels, height: configuration.imgResolution,
            width: configuration.imgResolution, loop: loop)
    }

    /// Makes images in a workspace of which only the caller knows that this network has made it.
    func synthesize(
        _ latents: [Latent], in workspace: Workspace,
        deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        guard let memory = workspace as? Memory else {
            preconditionFailure("the workspace was made by a generator of another architecture")
        }
        synthesize(latents, workspace: memory, deliver: deliver)
    }

    /// The class that a request names; 0 for an unconditional network.
    func classIndex(of request: GenerationRequest) throws(GenerationError) -> Int {
        try GenerationError.checked(request.classIndex, classes: configuration.cDim)
    }
}
