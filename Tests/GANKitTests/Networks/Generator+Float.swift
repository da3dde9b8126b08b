// SPDX-License-Identifier: Apache-2.0

@testable import GANKit

extension Generator {
    /// w vectors, [numWs, wDim], and float image, [C, H, W], of a request.
    func floatImage(_ request: GenerationRequest, workspace: Workspace) throws -> (ws: [Float], image: [Float]) {
        let latent = try latent(of: request)
        return (latent.ws, floatImage(latent, workspace: workspace))
    }

    /// Float image, [C, H, W], of a latent.
    func floatImage(_ latent: Latent, workspace: Workspace) -> [Float] {
        var image: [Float] = []
        let count = configuration.imgChannels * configuration.imgResolution * configuration.imgResolution
        forEachImage([latent], workspace: workspace) { _, pixels in
            image = Array(UnsafeBufferPointer(start: pixels, count: count))
        }
        return image
    }
}
