// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A StyleGAN2 generator: mapping and synthesis network of one checkpoint.
///
/// The pictures are those that the official PyTorch implementation (`stylegan2-ada-pytorch`, and `networks_stylegan2` of
/// the `stylegan3` repository) makes of the same weights in full precision.
public final class Generator: Sendable {
    /// The model's sizes.
    public let configuration: GeneratorConfiguration
    /// What the checkpoint says of the model.
    public let metadata: CheckpointMetadata
    let mapping: MappingNetwork
    let synthesis: SynthesisNetwork

    /// Loads a network, on up to `threads` threads; nil takes all processors.
    ///
    /// - Throws: `CheckpointError` when a tensor is missing or does not fit, or the network is of an unsupported kind.
    public init(checkpoint: any CheckpointReader, threads: Int? = nil) throws {
        let parameters = ParameterMap(reader: checkpoint)
        configuration = try GeneratorConfiguration(parameters)
        metadata = checkpoint.metadata
        mapping = try MappingNetwork(parameters, configuration: configuration)
        synthesis = try SynthesisNetwork(
            parameters, configuration: configuration,
            loop: ParallelLoop(threads: threads ?? ProcessInfo.processInfo.activeProcessorCount))
    }

    /// The memory for one worker that runs images on up to `threads` threads, up to `batch` (at most 8) together.
    public func makeWorkspace(threads: Int, batch: Int = 1) -> Workspace {
        Workspace(for: synthesis, threads: threads, batch: batch)
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
        for (index, request) in requests.enumerated() {
            do {
                latents.append(try latent(of: request, index: index))
            } catch {
                deliver(index, .failure(error))
            }
        }
        for start in stride(from: 0, to: latents.count, by: workspace.maxBatch) {
            let batch = latents[start..<min(latents.count, start + workspace.maxBatch)]
            synthesize(Array(batch), workspace: workspace) { latent, image in
                deliver(latent.index, .success(RGBImage(quantizing: image)))
            }
        }
    }

    /// What the synthesis network starts from.
    struct Latent {
        /// Of the request.
        let index: Int
        /// [numWs, wDim]
        let ws: [Float]
        let noise: NoiseSource
    }

    func latent(of request: GenerationRequest, index: Int) throws(GenerationError) -> Latent {
        var stream = NumPyRandomState(seed: request.seed)
        let z = stream.standardNormal(count: configuration.zDim).map { Float($0) }
        let ws = try map(z: z, request)
        return Latent(index: index, ws: ws, noise: NoiseSource(mode: request.noiseMode, stream: stream))
    }

    /// Maps a latent and truncates it.
    ///
    /// - Parameter z: [zDim]
    /// - Returns: [numWs, wDim]
    func map(z: [Float], _ request: GenerationRequest) throws(GenerationError) -> [Float] {
        let w = mapping(z: z, classIndex: try classIndex(of: request))
        return mapping.truncate(w, psi: request.truncationPsi, cutoff: request.truncationCutoff)
    }

    /// Runs the synthesis network.
    ///
    /// - Parameter deliver: is handed each image, [imgChannels, H, W], about -1 to 1
    func synthesize(_ latents: [Latent], workspace: Workspace, deliver: (Latent, Tensor) -> Void) {
        let resolution = configuration.imgResolution
        let shape = [configuration.imgChannels, resolution, resolution]
        let count = configuration.numWs * configuration.wDim
        // One array, so that each image's part has an address.
        latents.flatMap(\.ws).withUnsafeBufferPointer { ws in
            guard let ws = ws.baseAddress else { return }
            synthesis(
                ws: latents.indices.map { ws + $0 * count }, noise: latents.map(\.noise), workspace: workspace
            ) { index, image in
                let pixels = Tensor(shape: shape) { target in
                    _ = target.update(fromContentsOf: UnsafeBufferPointer(start: image, count: target.count))
                }
                deliver(latents[index], pixels)
            }
        }
    }

    private func classIndex(of request: GenerationRequest) throws(GenerationError) -> Int {
        let classes = configuration.cDim
        switch request.classIndex {
        case nil where classes > 0:
            throw GenerationError.classMissing(classes: classes)
        case let index? where classes == 0:
            throw GenerationError.classNotSupported(classIndex: index)
        case let index? where !(0..<classes).contains(index):
            throw GenerationError.classOutOfRange(classIndex: index, classes: classes)
        case let index:
            return index ?? 0
        }
    }
}
