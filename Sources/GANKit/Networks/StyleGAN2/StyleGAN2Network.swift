// SPDX-License-Identifier: Apache-2.0

/// A StyleGAN2 generator: mapping and synthesis network.
///
/// The pictures are those that the official PyTorch implementation (`stylegan2-ada-pytorch`, and `networks_stylegan2` of
/// the `stylegan3` repository) makes of the same weights in full precision.
struct StyleGAN2Network: GeneratorNetwork {
    let configuration: GeneratorConfiguration
    let mapping: MappingNetwork
    let synthesis: SynthesisNetwork

    init(_ parameters: ParameterMap, loop: ParallelLoop) throws {
        let sizes = try SynthesisConfiguration(parameters)
        mapping = try MappingNetwork(parameters, wDim: sizes.wDim, numWs: sizes.numWs, loop: loop)
        synthesis = try SynthesisNetwork(parameters, configuration: sizes, loop: loop)
        configuration = GeneratorConfiguration(
            architecture: parameters.reader.metadata.architecture, zDim: mapping.zDim, cDim: mapping.cDim,
            wDim: sizes.wDim, numWs: sizes.numWs, imgResolution: sizes.imgResolution, imgChannels: sizes.imgChannels)
    }

    /// Without those of the ToRGB layers, as factorisations of StyleGAN2 are usually made.
    var styleAffines: [StyleAffine] { synthesis.layers.map(\.styleAffine) }

    func makeWorkspace(threads: Int, batch: Int) -> StyleGAN2Workspace {
        StyleGAN2Workspace(for: synthesis, threads: threads, batch: batch)
    }

    func latent(
        z: [Float], like request: GenerationRequest, stream: NumPyRandomState
    ) throws(GenerationError) -> Latent {
        try mapping.latent(z: z, like: request, classIndex: classIndex(of: request), stream: stream)
    }

    func synthesize(
        _ latents: [Latent], workspace: StyleGAN2Workspace,
        deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        let count = mapping.numWs * mapping.wDim
        // One array, so that each image's part has an address.
        latents.flatMap(\.ws).withUnsafeBufferPointer { ws in
            guard let ws = ws.baseAddress else { return }
            synthesis(
                ws: latents.indices.map { ws + $0 * count }, noise: latents.map(\.noise), workspace: workspace,
                deliver: deliver)
        }
    }
}
