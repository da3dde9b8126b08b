// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

extension Generator {
    /// w vectors, [numWs, wDim], and float image, [C, H, W], of a request.
    func floatImage(_ request: GenerationRequest, workspace: Workspace) throws -> (ws: [Float], image: [Float]) {
        let latent = try latent(of: request, index: 0)
        var image: [Float] = []
        synthesize([latent], workspace: workspace) { image = $1.elements }
        return (latent.ws, image)
    }
}
