// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// DCGANs against the pictures that TensorFlow and PyTorch make of the same files.
@Suite(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"))
struct DCGANGoldenTests {
    private func compare(_ checkpoint: String, with expected: ExpectedTensors, seeds: [UInt32]) throws {
        let generator = try Generator(checkpoint: Checkpoint.open(path: checkpoint))
        let workspace = generator.makeWorkspace(threads: 2)
        for seed in seeds {
            let request = GenerationRequest(seed: seed)
            let (z, image) = try generator.floatImage(request, workspace: workspace)
            #expect(try z == expected.doubles("s\(seed).z").map { Float($0) })
            // Values from -1 to 1 with a standard deviation of about a half.
            PictureComparison.expectEqual(image, try expected.floats("s\(seed).img"), std: 0.5, "seed \(seed)")
            let picture = try generator.generate(request, workspace: workspace)
            PictureComparison.expectEqual(picture.pixels, try expected.bytes("s\(seed).rgb"), "seed \(seed)")
        }
    }

    @Test func tensorFlowCheckpoint() throws {
        try compare(
            FixtureFolder.path("face-generator/model.ckpt.index"),
            with: ExpectedTensors(FixtureFolder.path("face-generator/expected.safetensors")), seeds: [0, 42])
    }

    /// `gan-face-generate`'s trained weights, which the project does not hold.
    @Test(.enabled(if: FaceGenerateWheel.isAvailable, "the wheel gan-face-generate 1.1.1 could not be downloaded"))
    func trainedModelOfPyPI() throws {
        let weights = try FaceGenerateWheel.weights.get()
        #expect(try Checkpoint.sha256(path: weights) == FaceGenerateWheel.sha256)
        try compare(
            weights, with: ExpectedTensors(GoldenArchive.path("dcgan/expected.safetensors")), seeds: [0, 1, 42])

        let converted = try ScratchFile()
        try SafetensorsWriter.write(Checkpoint.open(path: weights), toPath: converted.path)
        let pictures = try [weights, converted.path].map { path in
            let generator = try Generator(checkpoint: Checkpoint.open(path: path))
            return try generator.generate(GenerationRequest(seed: 7), workspace: generator.makeWorkspace(threads: 2))
        }
        #expect(pictures[0] == pictures[1])
    }
}
