// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct LatentTests {
    static func latent(_ ws: [Float]) -> Latent {
        Latent(ws: ws, wDim: 2, noise: NoiseSource(mode: .none, stream: NumPyRandomState(seed: 0)))
    }

    let a = latent([0, 1, 2, 3, 4, 5])
    let b = latent([10, 11, 12, 13, 14, 16])

    @Test func mixingTakesWholeVectors() {
        #expect(a.mixing(layers: [0, 2], from: b).ws == [10, 11, 2, 3, 14, 16])
        #expect(a.mixing(layers: 1..<9, from: b).ws == [0, 1, 12, 13, 14, 16])
        #expect(a.mixing(layers: [-1, 3], from: b).ws == a.ws)
    }

    @Test func interpolationIsLinear() {
        #expect(a.interpolated(to: b, fraction: 0).ws == a.ws)
        #expect(a.interpolated(to: b, fraction: 0.5).ws == [5, 6, 7, 8, 9, 10.5])
        #expect(a.interpolated(to: b, fraction: 1).ws == b.ws)
    }

    @Test func ownVectorsMakeTheSamePicture() throws {
        let generator = try GeneratorTests.generator()
        let request = GenerationRequest(seed: 3, truncationPsi: 0.7, noiseMode: .random)
        let workspace = generator.makeWorkspace(threads: 1)
        let ws = try generator.latent(of: request).ws
        #expect(ws.count == 6 * 16)
        var pictures: [RGBImage] = []
        generator.synthesize([try generator.latent(ws: ws, like: request)], workspace: workspace) {
            pictures.append($1)
        }
        #expect(try pictures == [generator.generate(request, workspace: workspace)])
    }

    @Test func vectorsOfAnotherSizeAreRefused() throws {
        let generator = try GeneratorTests.generator()
        let error = #expect(throws: GenerationError.self) {
            try generator.latent(ws: [1, 2, 3], like: GenerationRequest(seed: 0))
        }
        #expect(error?.description == "w has 3 elements, not 6 times 16")
    }
}
