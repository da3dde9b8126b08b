// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

/// Discriminators read from network pickles against scores by the definition (Tests/Tools/make_discriminator_fixtures.py).
struct DiscriminatorGoldenTests {
    struct Score: Decodable {
        let seed: UInt32
        let classIndex: Int?
        let score: Double

        enum CodingKeys: String, CodingKey {
            case seed, score
            case classIndex = "class"
        }
    }

    @Test(arguments: ["ada-c-cond-32", "ada-d-clamp-32", "ada-e-resnet-32", "sg3-t-64"])
    func everyScoreEqualsTheReference(_ name: String) throws {
        let json = try Data(contentsOf: URL(fileURLWithPath: FixtureArchive.discriminators.path("\(name).json")))
        let expected = try JSONDecoder().decode([Score].self, from: json)
        try #require(!expected.isEmpty)
        let file = try Checkpoint.map(path: FixtureArchive.discriminators.path("\(name).pkl"))
        let checkpoint = try #require(try Checkpoint.discriminator(in: file))
        let discriminator = try Discriminator(checkpoint: checkpoint)
        let workspace = discriminator.makeWorkspace(threads: 2)
        for sample in expected {
            DiscriminatorTests.fill(workspace, of: discriminator, seed: sample.seed)
            let score = try discriminator.score(classIndex: sample.classIndex, workspace: workspace)
            #expect(abs(Double(score) - sample.score) < 2e-6)
        }
    }

    @Test(arguments: ["ada-a-32/G_ema.safetensors", "rosinality-a-32/checkpoint.pt", "tf-a-32/network.pkl"])
    func otherFormatsHaveNone(_ path: String) throws {
        #expect(try Checkpoint.discriminator(in: Checkpoint.map(path: GoldenArchive.path(path))) == nil)
    }

    @Test func boundIsReadFromThePickle() throws {
        let file = try Checkpoint.map(path: FixtureArchive.discriminators.path("ada-d-clamp-32.pkl"))
        let checkpoint = try #require(try Checkpoint.discriminator(in: file))
        #expect(checkpoint.metadata.convClamp == 256)
        #expect(checkpoint.metadata.blockArchitecture == .resnet)
    }
}
