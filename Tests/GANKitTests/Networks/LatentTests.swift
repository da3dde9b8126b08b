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

    @Test(arguments: NoiseMode.allCases)
    func ownInputMakesTheSamePicture(noiseMode: NoiseMode) throws {
        let generator = try GeneratorTests.generator()
        let request = GenerationRequest(seed: 3, truncationPsi: 0.7, truncationCutoff: 2, noiseMode: noiseMode)
        let workspace = generator.makeWorkspace(threads: 1)
        // numpy.random.RandomState(3).randn(1, 16)
        var stream = NumPyRandomState(seed: 3)
        let z = stream.standardNormal(count: 16).map { Float($0) }
        #expect(generator.z(seed: 3) == z)
        let latent = try generator.latent(z: z, like: request)
        #expect(try latent.ws == generator.latent(of: request).ws)
        var pictures: [RGBImage] = []
        generator.synthesize([latent], workspace: workspace) { pictures.append($1) }
        #expect(try pictures == [generator.generate(request, workspace: workspace)])
    }

    @Test func inputsThatAreNoneAreRefused() throws {
        let generator = try GeneratorTests.generator()
        let request = GenerationRequest(seed: 0)
        var z = [Float](repeating: 0.5, count: 16)
        #expect(throws: GenerationError.inputSize(count: 15, zDim: 16)) {
            try generator.latent(z: Array(z.dropLast()), like: request)
        }
        z[7] = .nan
        #expect(throws: GenerationError.latentNotFinite(index: 7)) { try generator.latent(z: z, like: request) }
        var ws = [Float](repeating: 0.5, count: 96)
        ws[95] = .infinity
        #expect(throws: GenerationError.latentNotFinite(index: 95)) { try generator.latent(ws: ws, like: request) }
        #expect(throws: GenerationError.transformNotSupported(architecture: "stylegan2")) {
            try generator.latent(
                z: generator.z(seed: 0), like: GenerationRequest(seed: 0, transform: ImageTransform(rotationDegrees: 1))
            )
        }
    }
}
