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
        return try NoiseMode.allCases.map {
            try generator.generate(
                GenerationRequest(seed: 42, truncationPsi: 0.7, noiseMode: $0), workspace: workspace)
        }
    }

    @Test func convertedModelMakesTheSamePictures() throws {
        let pickle = try GoldenArchive.path("ada-a-32/network.pkl")
        let output = try folder.write("what was there before", to: "a.safetensors")
        try convert(pickle, output)
        #expect(try pictures(of: output) == pictures(of: pickle))
        #expect(try Checkpoint.open(path: output).metadata == Checkpoint.open(path: pickle).metadata)
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
