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

    /// The memory for one worker that runs an image on up to `threads` threads.
    public func makeWorkspace(threads: Int) -> Workspace {
        Workspace(for: synthesis, threads: threads)
    }

    /// Makes the picture that a request describes.
    ///
    /// - Throws: `GenerationError`
    public func generate(_ request: GenerationRequest, workspace: Workspace) throws -> RGBImage {
        var stream = NumPyRandomState(seed: request.seed)
        let z = stream.standardNormal(count: configuration.zDim).map { Float($0) }
        let ws = try map(z: z, request)
        var noise = NoiseSource(mode: request.noiseMode, stream: stream)
        return RGBImage(quantizing: synthesize(ws: ws, noise: &noise, workspace: workspace))
    }

    /// Maps a latent and truncates it.
    ///
    /// - Parameter z: [zDim]
    /// - Returns: [numWs, wDim]
    func map(z: [Float], _ request: GenerationRequest) throws -> [Float] {
        let w = mapping(z: z, classIndex: try classIndex(of: request))
        return mapping.truncate(w, psi: request.truncationPsi, cutoff: request.truncationCutoff)
    }

    /// Runs the synthesis network.
    ///
    /// - Parameter ws: [numWs, wDim]
    /// - Returns: [imgChannels, H, W], about -1 to 1
    func synthesize(ws: [Float], noise: inout NoiseSource, workspace: Workspace) -> Tensor {
        let resolution = configuration.imgResolution
        let shape = [configuration.imgChannels, resolution, resolution]
        let image = ws.withUnsafeBufferPointer { ws in
            ws.baseAddress.map {
                synthesis(ws: $0, noise: &noise, workspace: workspace)
            }
        }
        return Tensor(shape: shape) { target in
            if let image {
                _ = target.update(fromContentsOf: UnsafeBufferPointer(start: image, count: target.count))
            }
        }
    }

    private func classIndex(of request: GenerationRequest) throws -> Int {
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
