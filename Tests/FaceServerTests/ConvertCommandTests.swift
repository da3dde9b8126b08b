// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import TestSupport
import Testing

@testable import FaceServer

struct ConvertCommandTests {
    private let folder = TemporaryFolder()

    private func convert(_ input: String, _ output: String) throws {
        try ConvertCommand.parse([input, output]).run()
    }

    private func pictures(of path: String) throws -> [RGBImage] {
        let generator = try Generator(checkpoint: Checkpoint.open(path: path))
        let workspace = generator.makeWorkspace(threads: 1)
        var requests = NoiseMode.allCases.map {
            GenerationRequest(
                seed: 42, truncationPsi: 0.7, classIndex: generator.configuration.cDim > 0 ? 7 : nil, noiseMode: $0)
        }
        if generator.configuration.hasTransform {
            requests[0].transform = ImageTransform(translateX: 0.25, translateY: -0.125, rotationDegrees: 30)
        }
        return try requests.map { try generator.generate($0, workspace: workspace) }
    }

    /// Every file of the fixtures that is a checkpoint.
    static let fixtures: [String] =
        [
            "ada-a-32/network.pkl", "ada-a-32/G_ema.safetensors", "ada-a-32-torch1.13/network-proto3.pkl",
            "ada-a-32-torch1.13/network-proto4.pkl", "ada-b-64/network.pkl", "ada-c-cond-32/network.pkl",
            "ada-d-clamp-32/network.pkl", "ada-e-resnet-32/network.pkl", "ada-e-orig-32/network.pkl",
            "ada-e-orig-32/network-proto2.pkl", "ada-e-orig-32/network-proto3.pkl", "ada-e-orig-32/network-proto5.pkl",
            "sg3-t-64/network.pkl", "sg3-r-32/network.pkl", "tf-a-32/network.pkl", "rosinality-a-32/checkpoint.pt",
            "rosinality-64/checkpoint.pt", "rosinality-64/checkpoint-legacy.pt",
        ].map { "golden/\($0)" } + ["stylegan/fused.pkl", "stylegan/unfused.pkl", "face-generator/model.ckpt.index"]

    /// In the archive or in the folder of fixtures.
    private static func path(_ fixture: String) throws -> String {
        fixture.hasPrefix("golden/")
            ? try GoldenArchive.path(String(fixture.dropFirst("golden/".count))) : FixtureFolder.path(fixture)
    }

    @Test(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"), arguments: fixtures)
    func convertedModelMakesTheSamePictures(fixture: String) throws {
        let input = try Self.path(fixture)
        let output = try folder.write("what was there before", to: "a.safetensors")
        try convert(input, output)
        #expect(try pictures(of: output) == pictures(of: input))
        #expect(try Checkpoint.open(path: output).metadata == Checkpoint.open(path: input).metadata)
    }

    @Test func checksumIsCompared() throws {
        let input = FixtureFolder.path("face-generator/model.ckpt.index")
        let actual = try Checkpoint.sha256(path: input)
        let output = folder.path + "/a.safetensors"
        _ = try folder.write("", to: "made")
        let wrong = String(repeating: "0", count: 64)
        #expect(throws: CommandFailure("\(input): the SHA-256 is \(actual), expected \(wrong)")) {
            try ConvertCommand.parse([input, output, "--sha256", wrong]).run()
        }
        #expect(!FileManager.default.fileExists(atPath: output))
        try ConvertCommand.parse([input, output, "--sha256", actual.uppercased()]).run()
        #expect(FileManager.default.fileExists(atPath: output))
        #expect(throws: (any Error).self) { try ConvertCommand.parse([input, output, "--sha256", "12"]) }
    }

    @Test func safetensorsComeOutAsTheyWentIn() throws {
        let first = try folder.write("", to: "a.safetensors")
        let second = folder.path + "/b.safetensors"
        try convert(GoldenArchive.path("ada-a-32/network.pkl"), first)
        try convert(first, second)
        #expect(try Data(contentsOf: URL(fileURLWithPath: first)) == Data(contentsOf: URL(fileURLWithPath: second)))
    }

    @Test func inputIsNeverOverwritten() throws {
        let input = try folder.write("", to: "a.safetensors")
        try convert(GoldenArchive.path("ada-a-32/network.pkl"), input)
        let before = try Data(contentsOf: URL(fileURLWithPath: input))
        let link = folder.path + "/link.safetensors"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: input)
        for (from, to) in [(input, input), (input, link), (link, input)] {
            #expect(throws: CommandFailure("\(to): this is the input itself, expected another name")) {
                try convert(from, to)
            }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: input)) == before)
    }

    @Test func failureNamesTheFileAndTheReason() throws {
        let pickle = try GoldenArchive.path("ada-a-32/network.pkl")
        let text = try folder.write("not a model", to: "text.pkl")
        let missing = folder.path + "/missing.pkl"
        let output = folder.path + "/a.safetensors"
        let nowhere = folder.path + "/nowhere/a.safetensors"
        #expect(throws: CommandFailure("\(missing): cannot open: No such file or directory")) {
            try convert(missing, output)
        }
        #expect(throws: CommandFailure("\(output).pkl: expected a name that ends in .safetensors")) {
            try convert(pickle, output + ".pkl")
        }
        #expect(throws: CommandFailure("\(nowhere): cannot create the file: No such file or directory")) {
            try convert(pickle, nowhere)
        }
        let failure = #expect(throws: CommandFailure.self) { try convert(text, output) }
        #expect(failure?.description.hasPrefix("\(text): ") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["text.pkl"])
    }
}
