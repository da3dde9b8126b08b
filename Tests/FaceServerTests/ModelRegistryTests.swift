// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import TestSupport
import Testing

@testable import FaceServer

@Suite struct ModelRegistryTests {
    private let folder = TemporaryFolder()

    private func registry(_ declarations: [ModelDeclaration], defaultName: String? = nil) throws -> ModelRegistry {
        try ModelRegistry(
            declarations, defaultName: defaultName,
            settings: .init(
                defaultTruncation: FixedDecimal(millionths: 700_000),
                bounds: .init(timeout: .seconds(30), maxTimeout: .seconds(60))),
            logger: ProgramLog.standardError(level: .critical))
    }

    @Test func defaultModelHasTheShortURLs() throws {
        let registry = try registry(
            [
                ModelDeclaration(name: "a", path: try folder.tinyModel("a.safetensors")),
                ModelDeclaration(name: "b", path: try folder.tinyModel("b.safetensors", variant: 2)),
            ], defaultName: "b")
        let face = FaceParameters(seed: 1, truncation: FixedDecimal(millionths: 0))
        #expect(registry.catalog.defaultEntry.name == "b")
        #expect(registry.catalog["b"]?.canonicalURL(of: face) == "/faces/1.png?truncation=0")
        #expect(registry.catalog["a"]?.canonicalURL(of: face) == "/models/a/faces/1.png?truncation=0")
        #expect(registry.catalog["c"] == nil)
    }

    @Test func wrongHashIsRefusedBeforeAnythingIsLoaded() throws {
        let path = try folder.write("no checkpoint at all", to: "a.pkl")
        let failure = #expect(throws: CommandFailure.self) {
            try registry([ModelDeclaration(name: "a", path: path, sha256: String(repeating: "0", count: 64))])
        }
        // printf 'no checkpoint at all' | sha256sum
        let actual = "b280914e2203247e54221100beeaa6c229db3fe7a9972185d0e5328e22023185"
        let expected = String(repeating: "0", count: 64)
        #expect(failure == CommandFailure("\(path): the SHA-256 is \(actual), expected \(expected)"))
    }

    @Test func rightHashIsTaken() throws {
        let path = try folder.tinyModel("a.safetensors")
        let hash = try Checkpoint.sha256(path: path)
        let registry = try registry([ModelDeclaration(name: "a", path: path, sha256: hash)])
        #expect(registry.catalog.defaultEntry.model.identity == ModelIdentity(name: "a", sha256: hash))
    }

    @Test func reloadReplacesOnlyWhatHasChanged() async throws {
        let (a, b) = (try folder.tinyModel("a.safetensors"), try folder.tinyModel("b.safetensors"))
        let registry = try registry([ModelDeclaration(name: "a", path: a), ModelDeclaration(name: "b", path: b)])
        let before = registry.catalog
        #expect(await registry.reload() == ModelReloadReport(unchanged: ["a", "b"]))

        try TinyModel.write(variant: 2, to: b)
        let report = await registry.reload()
        let hash = try Checkpoint.sha256(path: b)
        let former = before.entries[1].model.identity.sha256
        #expect(
            report
                == ModelReloadReport(
                    unchanged: ["a"], replaced: [.init(name: "b", formerSHA256: former, sha256: hash)]))
        #expect(registry.catalog.entries[0].model === before.entries[0].model)
        #expect(registry.catalog.entries[1].model.identity.sha256 == hash)
        #expect(before.entries[1].model.identity.sha256 == former, "who has the old catalog keeps the old model")
    }

    @Test(arguments: ["", "no weights", nil])
    func brokenFileKeepsTheOldModel(content: String?) async throws {
        let path = try folder.tinyModel("a.safetensors")
        let registry = try registry([ModelDeclaration(name: "a", path: path)])
        let before = registry.catalog.defaultEntry.model
        try FileManager.default.removeItem(atPath: path)
        if let content {
            _ = try folder.write(content, to: "a.safetensors")
        }
        let report = await registry.reload()
        #expect(report.failed.map(\.name) == ["a"])
        #expect(report.failed.first?.reason.hasPrefix(path + ": ") == true)
        #expect(registry.catalog.defaultEntry.model === before)

        try TinyModel.write(variant: 2, to: path)
        #expect(await registry.reload().replaced.count == 1, "a later file is taken")
    }

    @Test func fileThatIsNotThePinnedOneKeepsTheOldModel() async throws {
        let path = try folder.tinyModel("a.safetensors")
        let hash = try Checkpoint.sha256(path: path)
        let registry = try registry([ModelDeclaration(name: "a", path: path, sha256: hash)])
        try TinyModel.write(variant: 2, to: path)
        let report = await registry.reload()
        #expect(report.failed.first?.reason.contains("expected \(hash)") == true)
        #expect(registry.catalog.defaultEntry.model.identity.sha256 == hash)
    }

    @Test func replacedModelIsFreed() async throws {
        let path = try folder.tinyModel("a.safetensors")
        let registry = try registry([ModelDeclaration(name: "a", path: path)])
        let isAlive = { [weak model = registry.catalog.defaultEntry.model] in model != nil }
        #expect(isAlive())
        try TinyModel.write(variant: 2, to: path)
        _ = await registry.reload()
        #expect(!isAlive())
    }
}
