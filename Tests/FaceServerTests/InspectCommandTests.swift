// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

struct InspectCommandTests {
    private func report(_ arguments: String...) throws -> InspectionReport {
        try InspectCommand.parse(arguments).report()
    }

    private static let faceGenerator = FixtureFolder.path("face-generator/model.ckpt.index")

    @Test func textOfADCGAN() throws {
        let report = try report(Self.faceGenerator)
        #expect(
            report.text == """
                file          \(Self.faceGenerator)
                format        TensorFlow checkpoint
                sha256        \(report.sha256)
                architecture  dcgan
                picture       32x32, RGB
                latent        z 20, w 1 x 20
                classes       none
                parameters    31391

                layer     parameters  tensors
                layers.0  12816       bias [16], weight [32, 16, 5, 5]
                layers.1  4812        bias [12], weight [16, 12, 5, 5]
                layers.2  2408        bias [8], weight [12, 8, 5, 5]
                layers.3  603         bias [3], weight [8, 3, 5, 5]
                stem      10752       bias [32, 4, 4], weight [20, 32, 4, 4]

                unused
                  tensor 'discriminator/conv1/kernel'
                  tensor 'generator/dense/bias/Adam'
                  tensor 'global_step'
                  tensor 'note'
                """)
        #expect(report.sha256.count == 64)
    }

    @Test func jsonOfAConditionalNetworkPickle() throws {
        let path = try GoldenArchive.path("ada-c-cond-32/network.pkl")
        let json = try report(path, "--json").json()
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        #expect(object["format"] as? String == "PyTorch network pickle")
        #expect(object["architecture"] as? String == "stylegan2")
        #expect(object["blockArchitecture"] as? String == "skip")
        #expect(object["resolution"] as? Int == 32)
        #expect(object["zDim"] as? Int == 64)
        #expect(object["wDim"] as? Int == 64)
        #expect(object["wCount"] as? Int == 8)
        #expect(object["classes"] as? Int == 10)
        let layers = try #require(object["layers"] as? [[String: Any]])
        let names = layers.compactMap { $0["name"] as? String }
        // b8 before b16
        #expect(
            try #require(names.firstIndex(of: "synthesis.b8.conv0")) < #require(
                names.firstIndex(of: "synthesis.b16.conv0")))
        let total = layers.compactMap { $0["parameters"] as? Int }.reduce(0, +)
        #expect(object["parameters"] as? Int == total)
        let unused = try #require(object["unused"] as? [String])
        #expect(unused.contains("network 'D'"))
        #expect(unused.contains("tensor 'synthesis.b4.resample_filter'"))
    }

    @Test func checksumIsCompared() throws {
        let wrong = String(repeating: "0", count: 64)
        let actual = try report(Self.faceGenerator).sha256
        #expect(throws: CommandFailure("\(Self.faceGenerator): the SHA-256 is \(actual), expected \(wrong)")) {
            try report(Self.faceGenerator, "--sha256", wrong)
        }
        #expect(try report(Self.faceGenerator, "--sha256", actual).sha256 == actual)
    }

    @Test func failureNamesTheFile() throws {
        #expect(throws: CommandFailure("/nowhere.pkl: cannot open: No such file or directory")) {
            try report("/nowhere.pkl")
        }
    }
}
