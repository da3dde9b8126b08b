// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import FaceServer

@Suite struct ModelKeysTests {
    private static let hash = String(repeating: "Ab", count: 32)
    private let folder = TemporaryFolder()

    private func load(_ yaml: String) async throws -> ServerConfiguration {
        try await ServerConfiguration.load(file: try folder.write(yaml, to: "a.yaml"), environment: [:])
    }

    @Test func modelsAreInTheOrderOfTheirNames() async throws {
        let configuration = try await load(
            """
            model.default: b.v2
            models:
              c: c.pkl
              b.v2: {path: b.pkl, sha256: \(Self.hash)}
              a: {path: a.pkl}
            """)
        #expect(
            configuration.modelDeclarations == [
                ModelDeclaration(name: "a", path: "a.pkl"),
                ModelDeclaration(name: "b.v2", path: "b.pkl", sha256: Self.hash.lowercased()),
                ModelDeclaration(name: "c", path: "c.pkl"),
            ])
        #expect(configuration.defaultModel == "b.v2")
    }

    @Test func loneModelIsTheDefault() async throws {
        let configuration = try await load("models: {a: a.pkl}")
        #expect(configuration.modelDeclarations == [ModelDeclaration(name: "a", path: "a.pkl")])
    }

    @Test func withoutModelsThereIsTheShortForm() async throws {
        let configuration = try await load("model: {path: a.pkl, name: mine}")
        #expect(configuration.modelDeclarations == [ModelDeclaration(name: "mine", path: "a.pkl")])
    }

    @Test func effectiveConfigurationHasTheModels() async throws {
        let path = try folder.write("models: {a: a.pkl, b: {path: b.pkl}}\nmodel.default: b", to: "a.yaml")
        let yaml = try await ConfigurationValues.read(file: path, environment: [:]).yaml
        #expect(yaml.hasSuffix("\nmodels:\n  a: a.pkl  # file \(path)\n  b.path: b.pkl  # file \(path)\n"))
        #expect(try await load(yaml).modelDeclarations.map(\.path) == ["a.pkl", "b.pkl"])
    }

    @Test(arguments: [
        ("models: {a: a.pkl, b: b.pkl}", "model.default is '', expected one of a, b"),
        ("{model: {default: c}, models: {a: a.pkl}}", "model.default is 'c', expected one of a"),
        ("model: {default: c}", "model.default is 'c', expected nothing, without models"),
        ("{model: {path: x}, models: {a: a.pkl}}", "model.path is 'x', expected nothing, since the file names models"),
        ("models: {a: {sha256: \(Self.hash)}}", "models.a.path is '', expected a file's path"),
        ("models: {a: {path: a, sha256: 12}}", "models.a.sha256 is '12', expected 64 hexadecimal digits"),
        (
            "models: {a/b: {path: a}}",
            "models is 'a/b', expected names of 1 to 64 letters, digits, '-', '_' and '.', not beginning with '.'"
        ),
    ])
    func badModelsAreNamed(yaml: String, message: String) async {
        let error = await #expect(throws: ConfigurationError.self) { try await load(yaml) }
        #expect(error?.description == message)
    }

    @Test func unknownKeyOfAModelIsNamed() async {
        let error = await #expect(throws: ConfigurationError.self) { try await load("models: {a: {pth: a.pkl}}") }
        #expect(error?.description.hasSuffix("unknown key 'models.a.pth', did you mean 'models.a.path'?") == true)
    }
}
