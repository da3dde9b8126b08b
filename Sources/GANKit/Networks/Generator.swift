// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// A generator of pictures: the network of one checkpoint, of whichever architecture.
public final class Generator: Sendable {
    /// The model's sizes and what it can be asked for.
    public let configuration: GeneratorConfiguration
    /// What the checkpoint says of the model.
    public let metadata: CheckpointMetadata
    let network: any GeneratorNetwork
    /// What `styleDirections` has found.
    let knownDirections = Mutex<[ClosedRange<Int>: StyleDirections]>([:])

    /// Loads a network, on up to `threads` threads; nil takes all processors.
    ///
    /// - Throws: `CheckpointError` when a tensor is missing or does not fit, or the network is of an unsupported kind.
    public init(checkpoint: any CheckpointReader, threads: Int? = nil) throws {
        network = try GeneratorArchitecture.load(
            ParameterMap(reader: checkpoint),
            loop: ParallelLoop(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount))
        configuration = network.configuration
        metadata = checkpoint.metadata
    }

    /// The memory for one worker that runs images on up to `threads` threads, up to `batch` (at most 8) together.
    public func makeWorkspace(threads: Int, batch: Int = 1) -> Workspace {
        network.makeWorkspace(threads: threads, batch: batch)
    }

    /// Makes the picture that a request describes.
    ///
    /// - Throws: `GenerationError`
    public func generate(_ request: GenerationRequest, workspace: Workspace) throws -> RGBImage {
        var pictures: [Result<RGBImage, GenerationError>] = []
        generate([request], workspace: workspace) { pictures.append($1) }
        return try pictures[0].get()
    }

    /// Makes pictures, as many together as the workspace has room for. A picture's bytes depend on its own request alone.
    ///
    /// - Parameter deliver: is handed each picture, or why there is none, as soon as it is known
    public func generate(
        _ requests: [GenerationRequest], workspace: Workspace,
        deliver: (_ index: Int, _ picture: Result<RGBImage, GenerationError>) -> Void
    ) {
        var latents: [Latent] = []
        var places: [Int] = []
        for (index, request) in requests.enumerated() {
            do {
                latents.append(try latent(of: request))
                places.append(index)
            } catch {
                deliver(index, .failure(error))
            }
        }
        synthesize(latents, workspace: workspace) { deliver(places[$0], .success($1)) }
    }

    /// What the synthesis network starts from when it makes the picture of a request.
    ///
    /// - Throws: `GenerationError`
    public func latent(of request: GenerationRequest) throws(GenerationError) -> Latent {
        try check(request.transform)
        let (z, stream) = input(seed: request.seed)
        return try network.latent(z: z, like: request, stream: noise(of: request, after: stream))
    }

    /// The input z that a seed names, [zDim].
    public func z(seed: UInt32) -> [Float] {
        input(seed: seed).z
    }

    /// Likewise with an input z of the caller's own, which is mapped and truncated; noise is the request's.
    ///
    /// - Parameter z: [zDim]
    /// - Throws: `GenerationError`
    public func latent(z: [Float], like request: GenerationRequest) throws(GenerationError) -> Latent {
        guard z.count == configuration.zDim else {
            throw GenerationError.inputSize(count: z.count, zDim: configuration.zDim)
        }
        try checkFinite(z)
        try check(request.transform)
        let stream = input(seed: request.seed).stream
        return try network.latent(z: z, like: request, stream: noise(of: request, after: stream))
    }

    /// Likewise with w vectors of the caller's own, which are not truncated; noise is the request's.
    ///
    /// - Parameter ws: [numWs, wDim]
    /// - Throws: `GenerationError`
    public func latent(ws: [Float], like request: GenerationRequest) throws(GenerationError) -> Latent {
        var latent = try latent(of: request)
        guard ws.count == latent.ws.count else {
            throw GenerationError.latentSize(count: ws.count, numWs: configuration.numWs, wDim: configuration.wDim)
        }
        try checkFinite(ws)
        latent.ws = ws
        return latent
    }

    /// z, and what follows it in the seed's stream.
    private func input(seed: UInt32) -> (z: [Float], stream: NumPyRandomState) {
        var stream = NumPyRandomState(seed: seed)
        return (network.drawZ(from: &stream), stream)
    }

    /// What random noise is drawn from.
    private func noise(of request: GenerationRequest, after stream: NumPyRandomState) -> NumPyRandomState {
        request.noiseSeed.map { NumPyRandomState(seed: $0) } ?? stream
    }

    /// Refuses a transform that the model cannot have.
    private func check(_ transform: ImageTransform?) throws(GenerationError) {
        guard let transform else { return }
        guard configuration.hasTransform else {
            throw GenerationError.transformNotSupported(architecture: configuration.architecture)
        }
        guard transform.isFinite else { throw GenerationError.transformNotFinite }
    }

    private func checkFinite(_ elements: [Float]) throws(GenerationError) {
        if let index = elements.firstIndex(where: { !$0.isFinite }) {
            throw GenerationError.latentNotFinite(index: index)
        }
    }

    /// Makes the pictures of latents of this generator, as many together as the workspace has room for.
    ///
    /// - Parameter deliver: is handed each picture as soon as it is known, and its place among `latents`
    public func synthesize(
        _ latents: [Latent], workspace: Workspace, deliver: (_ index: Int, _ picture: RGBImage) -> Void
    ) {
        forEachImage(latents, workspace: workspace) { index, image in
            deliver(index, network.picture(of: image, loop: workspace.loop))
        }
    }

    /// Makes the images of latents.
    ///
    /// - Parameter deliver: is handed each image, [imgChannels, H, W], about -1 to 1, which is valid during the call
    func forEachImage(
        _ latents: [Latent], workspace: Workspace, deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        for start in stride(from: 0, to: latents.count, by: workspace.maxBatch) {
            let batch = Array(latents[start..<min(latents.count, start + workspace.maxBatch)])
            network.synthesize(batch, in: workspace) { index, image in deliver(start + index, image) }
        }
    }
}
