// SPDX-License-Identifier: Apache-2.0

/// A StyleGAN3 generator, configuration T or R: mapping and synthesis network (Karras et al., "Alias-Free Generative
/// Adversarial Networks", 2021).
///
/// The pictures are those that the official PyTorch implementation (`stylegan3`) makes of the same weights in full
/// precision.
struct StyleGAN3Network: GeneratorNetwork {
    let configuration: GeneratorConfiguration
    private let mapping: MappingNetwork
    private let synthesis: StyleGAN3Synthesis

    init(_ parameters: ParameterMap, loop: ParallelLoop) throws {
        let sizes = try StyleGAN3Configuration(parameters)
        mapping = try MappingNetwork(parameters, wDim: sizes.wDim, numWs: sizes.numWs, loop: loop)
        synthesis = try StyleGAN3Synthesis(parameters, configuration: sizes, loop: loop)
        configuration = GeneratorConfiguration(
            architecture: parameters.reader.metadata.architecture, zDim: mapping.zDim, cDim: mapping.cDim,
            wDim: sizes.wDim, numWs: sizes.numWs, imgResolution: sizes.imgResolution, imgChannels: sizes.imgChannels,
            hasNoise: false, hasTransform: true)
    }

    /// Without those of the input, which move the picture, and of the ToRGB layer.
    var styleAffines: [StyleAffine] { synthesis.layers.map(\.styleAffine) }

    func makeWorkspace(threads: Int, batch: Int) -> StyleGAN3Workspace {
        StyleGAN3Workspace(for: synthesis, threads: threads)
    }

    /// The noise mode does not matter: there is no noise.
    func latent(
        z: [Float], like request: GenerationRequest, stream: NumPyRandomState
    ) throws(GenerationError) -> Latent {
        try mapping.latent(z: z, like: request, classIndex: classIndex(of: request), stream: stream)
    }

    func synthesize(
        _ latents: [Latent], workspace: StyleGAN3Workspace,
        deliver: (_ index: Int, _ image: UnsafePointer<Float>) -> Void
    ) {
        for (index, latent) in latents.enumerated() {
            latent.ws.withUnsafeBufferPointer { ws in
                guard let ws = ws.baseAddress else { return }
                deliver(index, synthesis(ws: ws, transform: latent.transform?.inverse, workspace: workspace))
            }
        }
    }
}
