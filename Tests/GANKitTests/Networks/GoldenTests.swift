// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// Networks read from checkpoint files against the reference's latents and pictures.
///
/// In release builds only, as the sums of a debug build take minutes.
@Suite(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"))
struct GoldenTests {
    struct Fixture: CustomTestStringConvertible {
        let checkpoint: String
        let expected: String
        var testDescription: String { checkpoint }

        init(_ checkpoint: String, expected: String) {
            self.checkpoint = checkpoint
            self.expected = expected
        }
    }

    static let fixtures = [
        Fixture("ada-a-32/network.pkl", expected: "ada-a-32"),
        Fixture("ada-a-32/G_ema.safetensors", expected: "ada-a-32"),
        Fixture("ada-a-32-torch1.13/network-proto3.pkl", expected: "ada-a-32"),
        Fixture("ada-a-32-torch1.13/network-proto4.pkl", expected: "ada-a-32"),
        Fixture("ada-b-64/network.pkl", expected: "ada-b-64"),
        Fixture("ada-c-cond-32/network.pkl", expected: "ada-c-cond-32"),
        Fixture("ada-d-clamp-32/network.pkl", expected: "ada-d-clamp-32"),
        Fixture("ada-e-resnet-32/network.pkl", expected: "ada-e-resnet-32"),
        Fixture("ada-e-orig-32/network.pkl", expected: "ada-e-orig-32"),
        Fixture("ada-e-orig-32/network-proto2.pkl", expected: "ada-e-orig-32"),
        Fixture("ada-e-orig-32/network-proto3.pkl", expected: "ada-e-orig-32"),
        Fixture("ada-e-orig-32/network-proto5.pkl", expected: "ada-e-orig-32"),
        Fixture("sg3-t-64/network.pkl", expected: "sg3-t-64"),
        Fixture("sg3-r-32/network.pkl", expected: "sg3-r-32"),
        Fixture("tf-a-32/network.pkl", expected: "ada-a-32"),
        Fixture("rosinality-a-32/checkpoint.pt", expected: "ada-a-32"),
        Fixture("rosinality-64/checkpoint.pt", expected: "rosinality-64"),
        Fixture("rosinality-64/checkpoint-legacy.pt", expected: "rosinality-64"),
    ]

    @Test(arguments: fixtures)
    func everySampleEqualsTheReference(_ fixture: Fixture) throws {
        let golden = try GoldenNetwork(fixture.expected)
        let generator = try Generator(checkpoint: Checkpoint.open(path: GoldenArchive.path(fixture.checkpoint)))
        let workspace = generator.makeWorkspace(threads: 2)
        try #require(!golden.manifest.samples.isEmpty)
        for sample in golden.manifest.samples {
            let request = try sample.request()
            var stream = NumPyRandomState(seed: sample.seed)
            let z = stream.standardNormal(count: generator.configuration.zDim)
            #expect(try z == golden.expected.doubles(sample.z), "\(sample.z)")

            let (ws, image) = try generator.floatImage(request, workspace: workspace)
            PictureComparison.expectEqual(ws, try golden.expected.floats(sample.w), std: 1, sample.w)
            PictureComparison.expectEqual(
                image, try golden.expected.floats(sample.img), std: golden.manifest.imgStdMean, sample.img)

            let picture = try generator.generate(request, workspace: workspace)
            PictureComparison.expectEqual(picture.pixels, try golden.expected.bytes(sample.rgb), sample.rgb)
        }
    }

    @Test(arguments: ["ada-a-32", "ada-e-resnet-32"])
    func mixturesEqualTheReference(_ folder: String) throws {
        let golden = try GoldenNetwork(folder)
        let generator = try Generator(checkpoint: Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl")))
        let workspace = generator.makeWorkspace(threads: 2)
        func latent(_ seed: UInt32, _ psi: Float) throws -> Latent {
            try generator.latent(of: GenerationRequest(seed: seed, truncationPsi: psi))
        }
        func expectEqual(_ latent: Latent, w: String, img: String, rgb: String) throws {
            PictureComparison.expectEqual(latent.ws, try golden.expected.floats(w), std: 1, w)
            PictureComparison.expectEqual(
                generator.floatImage(latent, workspace: workspace), try golden.expected.floats(img),
                std: golden.manifest.imgStdMean, img)
            var pictures: [RGBImage] = []
            generator.synthesize([latent], workspace: workspace) { pictures.append($1) }
            PictureComparison.expectEqual(try #require(pictures.first).pixels, try golden.expected.bytes(rgb), rgb)
        }

        let mix = try #require(golden.manifest.styleMix)
        let mixed = try latent(mix.rowSeed, mix.psi).mixing(
            layers: mix.stylesFromCol, from: latent(mix.colSeed, mix.psi))
        try expectEqual(mixed, w: mix.w, img: mix.img, rgb: mix.rgb)

        let line = try #require(golden.manifest.wInterpolation)
        try #require(!line.samples.isEmpty)
        for sample in line.samples {
            let between = try latent(line.seedA, line.psi).interpolated(
                to: latent(line.seedB, line.psi), fraction: sample.t)
            try expectEqual(between, w: sample.w, img: sample.img, rgb: sample.rgb)
        }
    }

    @Test(arguments: ["sg3-t-64", "sg3-r-32"])
    func transformedPictureEqualsTheReference(_ folder: String) throws {
        let golden = try GoldenNetwork(folder)
        let expected = try #require(golden.manifest.transform)
        let generator = try Generator(checkpoint: Checkpoint.open(path: GoldenArchive.path("\(folder)/network.pkl")))
        let workspace = generator.makeWorkspace(threads: 2)
        let request = GenerationRequest(
            seed: expected.seed, truncationPsi: expected.psi,
            transform: ImageTransform(
                translateX: expected.translate[0], translateY: expected.translate[1],
                rotationDegrees: expected.rotateDeg))
        let image = try generator.floatImage(request, workspace: workspace).image
        PictureComparison.expectEqual(
            image, try golden.expected.floats(expected.img), std: golden.manifest.imgStdMean, expected.img)
        let picture = try generator.generate(request, workspace: workspace)
        PictureComparison.expectEqual(picture.pixels, try golden.expected.bytes(expected.rgb), expected.rgb)
    }

    /// The clamp of `ada-d` changes its pictures by up to 3, so a forgotten clamp would show.
    @Test func clampIsReadFromThePickle() throws {
        let checkpoint = try Checkpoint.open(path: GoldenArchive.path("ada-d-clamp-32/network.pkl"))
        #expect(checkpoint.metadata.convClamp == 256)
    }
}
