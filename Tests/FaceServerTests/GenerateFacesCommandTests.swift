// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(2))) struct GenerateFacesCommandTests {
    private let folder = TemporaryFolder()

    private func generate(_ arguments: String...) throws {
        try GenerateFacesCommand.parse(arguments + ["--outdir", folder.path + "/a/b"]).run()
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b").sorted()
    }

    @Test func filesAreNamedAsTheOfficialScriptNamesThem() throws {
        try generate("--seeds", "0-1,42,12345")
        #expect(try files() == ["seed0000.png", "seed0001.png", "seed0042.png", "seed12345.png"])
    }

    @Test func pictureIsTheServers() async throws {
        try generate("--seeds", "42", "--trunc", "0.70", "--size", "32", "--noise-mode", "none")
        let file = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a/b/seed0042.png"))
        let configuration = try await ServerConfiguration.load(environment: [:])
        let application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
        let response = try await application.handler.handle(
            HTTPRequest(target: "/faces/42.png?truncation=0.7&noise=none&size=32"))
        #expect(response.body == Array(file))
    }

    @Test func truncationIsOneUnlessGiven() throws {
        try generate("--seeds", "1")
        let file = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a/b/seed0001.png"))
        #expect(PNGChunks(Array(file)).texts.contains("Truncation=1"))
    }

    @Test(arguments: [
        (
            ["--seeds", "1", "--trunc", "much"],
            "--trunc is 'much', expected a decimal number from -2 to 2, such as 0.7"
        ),
        (["--seeds", "1", "--noise-mode", "x"], "--noise-mode is 'x', expected one of const, random, none"),
        (
            ["--seeds", "1", "--truncation-cutoff", "99"],
            "--truncation-cutoff is '99', expected an integer from 0 to 10"
        ),
        (["--seeds", "1", "--size", "1"], "--size is '1', expected an integer from 16 to 128"),
        (["--seeds", "1-0"], "--seeds: the range '1-0' runs backwards, expected 0-1"),
    ])
    func badFlagIsNamedWithItsBound(arguments: [String], message: String) throws {
        let command = try GenerateFacesCommand.parse(arguments + ["--outdir", folder.path])
        #expect(throws: CommandFailure(message)) { try command.run() }
        #expect(!FileManager.default.fileExists(atPath: folder.path), "nothing is made for a bad command")
    }

    @Test(.enabled(if: BuildConfiguration.isOptimized, "needs a release build"))
    func styleGAN3MovesAndTurns() throws {
        let network = try GoldenArchive.path("sg3-r-32/network.pkl")
        try generate("--network", network, "--seeds", "0", "--trunc", "0.7")
        let file = URL(fileURLWithPath: folder.path + "/a/b/seed0000.png")
        let upright = try Data(contentsOf: file)
        try generate(
            "--network", network, "--seeds", "0", "--trunc", "0.7", "--translate", "-0.3,0.1", "--rotate", "-30")
        let turned = try Data(contentsOf: file)
        #expect(turned != upright)
        #expect(PNGChunks(Array(turned)).texts.contains("Translate=-0.3,0.1"))
        #expect(PNGChunks(Array(turned)).texts.contains("Rotate=-30"))
        #expect(
            throws: CommandFailure(
                "--rotate is '30', expected no such parameter, because only StyleGAN3 models move and turn their pictures"
            )
        ) { try generate("--seeds", "0", "--rotate", "30") }
    }

    @Test func conditionalModelDemandsItsClass() throws {
        let network = try GoldenArchive.path("ada-c-cond-32/network.pkl")
        let failure = #expect(throws: CommandFailure.self) { try generate("--network", network, "--seeds", "1") }
        #expect(failure?.description.hasPrefix("--class is missing: the model wants a class from 0 to ") == true)
        try generate("--network", network, "--seeds", "1", "--class", "0")
        #expect(try files() == ["seed0001.png"])
    }
}
