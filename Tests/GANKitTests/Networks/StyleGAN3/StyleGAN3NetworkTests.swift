// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"))
struct StyleGAN3NetworkTests {
    static func checkpoint(_ configuration: SyntheticCheckpoint.StyleGAN3Configuration = .t) -> SyntheticCheckpoint {
        .styleGAN3(configuration, imgResolution: 32, channelBase: 256, channelMax: 16, zDim: 16, wDim: 16)
    }

    @Test func sizesAndCapabilities() throws {
        #expect(
            try Generator(checkpoint: Self.checkpoint()).configuration
                == GeneratorConfiguration(
                    architecture: "stylegan3", zDim: 16, cDim: 0, wDim: 16, numWs: 16, imgResolution: 32,
                    imgChannels: 3,
                    hasNoise: false, hasTransform: true))
    }

    @Test(arguments: [SyntheticCheckpoint.StyleGAN3Configuration.t, .r])
    func bitsDependOnNeitherThreadsNorBatchNorWhatCameBefore(
        _ configuration: SyntheticCheckpoint.StyleGAN3Configuration
    ) throws {
        let generator = try Generator(checkpoint: Self.checkpoint(configuration))
        let request = GenerationRequest(seed: 3, truncationPsi: 0.7, transform: ImageTransform(translateX: 0.1))
        let first = try generator.generate(request, workspace: generator.makeWorkspace(threads: 1))
        for (threads, batch) in [(1, 1), (2, 4), (4, 8)] {
            let workspace = generator.makeWorkspace(threads: threads, batch: batch)
            var pictures: [Int: RGBImage] = [:]
            generator.generate(
                [GenerationRequest(seed: 4), request, GenerationRequest(seed: 5), request], workspace: workspace
            ) { pictures[$0] = try? $1.get() }
            #expect(pictures[1] == first && pictures[3] == first)
            #expect(pictures[0] != first && pictures[2] != first)
        }
    }

    @Test func everyPartOfTheTransformMatters() throws {
        let generator = try Generator(checkpoint: Self.checkpoint())
        let workspace = generator.makeWorkspace(threads: 1)
        let transforms: [ImageTransform?] = [
            nil, ImageTransform(translateX: 0.1), ImageTransform(translateY: 0.1), ImageTransform(rotationDegrees: 10),
        ]
        let pictures = try transforms.map {
            try generator.generate(GenerationRequest(seed: 3, transform: $0), workspace: workspace).pixels
        }
        #expect(Set(pictures).count == transforms.count)
        // The checkpoint's own transform is the identity.
        let identity = try generator.generate(
            GenerationRequest(seed: 3, transform: ImageTransform()), workspace: workspace)
        #expect(identity.pixels == pictures[0])
    }

    /// A wave that moves by its own length is itself.
    @Test func wavesMoveWithTheTranslation() {
        let waves = PlaneWaves(channels: 16)
        waves.set(0, x: 2, y: 0.5, phase: 0.125, amplitude: 0.75)
        func value(_ x: Double, _ y: Double) -> Float {
            var values = [Float](repeating: .nan, count: 16)
            waves.sample(x: x, y: y, result: &values)
            #expect(values[1...].allSatisfy { $0 == 0 }, "channels that only fill a block")
            return values[0]
        }
        // 0.75 sin(2 pi (2 x + 0.5 y + 0.125))
        #expect(abs(value(0, 0) - 0.75 * Float(0.5).squareRoot()) < 1e-7)
        #expect(abs(value(0.0625, 0) - 0.75) < 1e-7)
        #expect(abs(value(0.3125, 0) + 0.75) < 1e-7)
        #expect(abs(value(100, -0.25)) < 1e-7)
        #expect(abs(value(-3, 1) + 0.75 * Float(0.5).squareRoot()) < 1e-7)
    }

    @Test func transformIsTheInverseOfTheOfficialScripts() {
        let inverse = ImageTransform(translateX: 0.3, translateY: -0.1, rotationDegrees: 30).inverse
        // numpy.linalg.inv of [[cos, sin, 0.3], [-sin, cos, -0.1], [0, 0, 1]]
        let expected = [0.8660254037844387, -0.5, -0.3098076211353316, 0.5, 0.8660254037844387, -0.06339745962155609]
        let actual = [inverse.xx, inverse.xy, inverse.x, inverse.yx, inverse.yy, inverse.y]
        #expect(zip(actual, expected).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func modelsWithoutTransformSaySo() throws {
        let generator = try GeneratorTests.generator()
        let error = #expect(throws: GenerationError.self) {
            try generator.latent(of: GenerationRequest(seed: 0, transform: ImageTransform(rotationDegrees: 3)))
        }
        #expect(
            error?.description
                == "a translation or rotation was given, but a stylegan2 model has none; StyleGAN3 models have")
        let able = try Generator(checkpoint: Self.checkpoint())
        #expect(throws: GenerationError.transformNotFinite) {
            try able.latent(of: GenerationRequest(seed: 0, transform: ImageTransform(translateX: .nan)))
        }
    }

    @Test(arguments: ["sg3-t-64", "sg3-r-32"])
    func convertedCheckpointMakesTheSameBytes(_ folder: String) throws {
        let original = try Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl"))
        let file = try ScratchFile()
        try SafetensorsWriter.write(original, toPath: file.path)
        let converted = try Checkpoint.open(path: file.path)
        #expect(converted.metadata == original.metadata)
        let request = GenerationRequest(seed: 7, truncationPsi: 0.8)
        let pictures = try [original, converted].map { checkpoint in
            let generator = try Generator(checkpoint: checkpoint)
            return try generator.generate(request, workspace: generator.makeWorkspace(threads: 2))
        }
        #expect(pictures[0] == pictures[1])
    }
}
