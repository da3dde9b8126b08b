// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

/// StyleGAN network pickles against what TensorFlow makes of the same weights: `Tests/Tools/make_tensorflow_fixtures.py`.
@Suite(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"))
struct StyleGANGoldenTests {
    private struct Manifest: Decodable {
        struct Sample: Decodable {
            let network: String
            let seed: UInt32
            let psi: Float
            let cutoff: Int?
            let noiseMode: String
            let w: String
            let img: String
            let rgb: String
        }

        let samples: [Sample]
        let imgStdMean: Float
    }

    @Test(arguments: ["unfused", "fused"])
    func everySampleEqualsTensorFlow(network: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let manifest = try decoder.decode(
            Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: FixtureFolder.path("stylegan/manifest.json"))))
        let expected = try ExpectedTensors(FixtureFolder.path("stylegan/expected.safetensors"))
        let generator = try Generator(
            checkpoint: Checkpoint.open(path: FixtureFolder.path("stylegan/\(network).pkl")))
        #expect(generator.configuration.architecture == "stylegan")
        #expect(generator.configuration.numWs == 8)
        let workspace = generator.makeWorkspace(threads: 2)
        let samples = manifest.samples.filter { $0.network == network }
        try #require(!samples.isEmpty)
        for sample in samples {
            let request = GenerationRequest(
                seed: sample.seed, truncationPsi: sample.psi, truncationCutoff: sample.cutoff,
                noiseMode: try #require(NoiseMode(rawValue: sample.noiseMode)))
            let (ws, image) = try generator.floatImage(request, workspace: workspace)
            PictureComparison.expectEqual(ws, try expected.floats(sample.w), std: 1, sample.w)
            PictureComparison.expectEqual(
                image, try expected.floats(sample.img), std: manifest.imgStdMean, sample.img)
            let picture = try generator.generate(request, workspace: workspace)
            PictureComparison.expectEqual(picture.pixels, try expected.bytes(sample.rgb), sample.rgb)
        }
    }

    @Test(arguments: NoiseMode.allCases)
    func bitsDependOnNeitherThreadsNorWhatCameBefore(noiseMode: NoiseMode) throws {
        let generator = try Generator(checkpoint: Checkpoint.open(path: FixtureFolder.path("stylegan/fused.pkl")))
        let request = GenerationRequest(seed: 3, truncationPsi: 0.7, noiseMode: noiseMode)
        let first = try generator.generate(request, workspace: generator.makeWorkspace(threads: 1))
        for threads in [1, 2, 4] {
            let workspace = generator.makeWorkspace(threads: threads, batch: 8)
            _ = try generator.generate(GenerationRequest(seed: 4, noiseMode: .random), workspace: workspace)
            #expect(try generator.generate(request, workspace: workspace) == first)
        }
    }
}
