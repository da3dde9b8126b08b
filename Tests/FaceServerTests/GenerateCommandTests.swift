// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// `faceserver generate` and its subcommands, with a network of 8x8 pixels.
@Suite(.timeLimit(.minutes(2))) struct GenerateCommandTests {
    private let folder = TemporaryFolder()
    private let network: String

    init() throws {
        network = try folder.tinyModel("tiny.safetensors")
    }

    private func generate(_ arguments: String...) async throws {
        var command = try GenerateCommand.parseAsRoot(arguments + ["--network", network])
        if var command = command as? any AsyncParsableCommand {
            try await command.run()
        } else {
            try command.run()
        }
    }

    private func file(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)))
    }

    /// What a server says at a URL.
    private func served(_ target: String) async throws -> [UInt8] {
        let configuration = try await ServerConfiguration.load(flags: ["model.path": network], environment: [:])
        let application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
        let response = try await application.handler.handle(HTTPRequest(target: target))
        #expect(response.status == .ok, "\(target)")
        return response.body
    }

    @Test func seedsGoWithoutASubcommand() async throws {
        try await generate("--seeds", "0-1", "--outdir", folder.path + "/out")
        #expect(try file("out/seed0001.png") == (try await served("/faces/1.png?truncation=1")))
    }

    @Test(arguments: [
        (["--seeds", "0-3", "--trunc", "0.5"], "grid.png", "/grids/0-3.png?truncation=0.5"),
        (
            ["--seeds", "1,5", "--columns", "1", "--size", "16", "--quality", "50"], "grid.jpeg",
            "/grids/1,5.jpg?truncation=1&columns=1&size=16&quality=50"
        ),
        (["--seeds", "1,5", "--noise-mode", "none"], "grid.webp", "/grids/1,5.webp?truncation=1&noise=none"),
    ])
    func gridIsTheServers(arguments: [String], name: String, target: String) async throws {
        let command = try GenerateGridCommand.parse(
            arguments + ["--network", network, "--output", folder.path + "/" + name])
        try await command.run()
        #expect(try file(name) == (try await served(target)))
    }

    @Test func mixesHaveTheOfficialNames() async throws {
        try await generate(
            "mixes", "--rows", "1,2", "--cols", "2-3", "--styles", "0-1", "--trunc", "0.7", "--outdir",
            folder.path + "/m")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/m").sorted()
        #expect(names == ["1-1.png", "1-2.png", "1-3.png", "2-2.png", "2-3.png", "3-3.png", "grid.png"])
        #expect(try file("m/grid.png") == (try await served("/mixes/1-2/2-3.png?truncation=0.7&layers=0-1")))
        #expect(try file("m/1-3.png") == (try await served("/faces/1.png?truncation=0.7&mix=3&layers=0-1")))
        #expect(try file("m/3-3.png") == (try await served("/faces/3.png?truncation=0.7")))
    }

    @Test func morphIsAnAnimationOrAPlace() async throws {
        try await generate("morph", "--seeds", "1-3", "--frames", "5", "--output", folder.path + "/m.png")
        #expect(PNGChunks(try file("m.png")).count(of: "fcTL") == 5)
        try await generate("morph", "--seeds", "1,2", "--t", "0.25", "-o", folder.path + "/p.png")
        #expect(try file("p.png") == (try await served("/morphs/1-2.png?truncation=1&t=0.25")))
        try await generate("morph", "--seeds", "1,2", "--open", "--frames", "2", "-o", folder.path + "/m.webp")
        #expect(try file("m.webp").starts(with: Array("RIFF".utf8)))
    }

    @Test func urlGivesWhatAServerGives() async throws {
        try await generate("url", "/avatars/Ada%20L.webp?size=16", "--output", folder.path + "/a.webp")
        #expect(try file("a.webp") == (try await served("/avatars/Ada%20L.webp?size=16&truncation=1")))
    }

    @Test(arguments: [
        (
            ["grid", "--seeds", "1", "-o", "x.gif"],
            "--output is 'x.gif', expected a file that ends in .webp, .jpg, .png"
        ),
        (["grid", "--seeds", "1", "--size", "99", "-o", "x.png"], "--size is '99', expected an integer from 8 to 16"),
        (
            ["grid", "--seeds", "1", "--quality", "0", "-o", "x.jpg"],
            "--quality is '0', expected an integer from 1 to 100"
        ),
        (
            ["mixes", "--rows", "1", "--cols", "2", "--styles", "9", "--outdir", "x"],
            "--styles is '9', expected layers from 0 to 3, such as 0-3,3"
        ),
        (
            ["mixes", "--rows", "a", "--cols", "2", "--outdir", "x"],
            "--rows: 'a' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"
        ),
        (
            ["morph", "--seeds", "1", "-o", "x.apng"],
            "--seeds is '1', expected 2 to 16 integers from 0 to 4294967295 with dashes between them, such as 1-2-3"
        ),
        (["url", "faces", "-o", "x"], "'faces' is no path and query, such as /faces/42.png?truncation=0.7"),
        (["url", "/nowhere", "-o", "x"], "/nowhere: There is nothing at '/nowhere'."),
    ])
    func badFlagIsNamedWithItsBound(arguments: [String], message: String) async throws {
        await #expect(throws: CommandFailure(message)) {
            var command = try GenerateCommand.parseAsRoot(arguments + ["--network", network])
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        }
    }
}
