// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

@Suite struct ConfigurationValuesTests {
    private let folder = TemporaryFolder()

    private func values() async throws -> (values: ConfigurationValues, path: String) {
        let path = try folder.write("http:\n  port: 1\n  host: '::'\nmodel.name: a#b\n", to: "a.yaml")
        let values = try await ConfigurationValues.read(
            flags: ["log.level": "debug"], file: path,
            environment: ["PORT": "9000", "FACESERVER_LOG_FORMAT": "json"])
        return (values, path)
    }

    @Test func everyValueHasItsOrigin() async throws {
        let (values, path) = try await values()
        let origins = Dictionary(uniqueKeysWithValues: values.entries.map { ($0.key.name, $0.origin) })
        #expect(origins["log.level"] == .flag)
        #expect(origins["http.port"] == .environment(variable: "PORT"))
        #expect(origins["log.format"] == .environment(variable: "FACESERVER_LOG_FORMAT"))
        #expect(origins["http.host"] == .file(path: path))
        #expect(origins["shutdown.grace"] == .default)
        #expect(values.entries.map(\.key.name) == ConfigurationKeys.all.map(\.name))
    }

    @Test func everyKeyHasItsVariable() async throws {
        for key in ConfigurationKeys.all {
            let variable = ConfigurationEnvironment.variable(for: key.name)
            let values = try await ConfigurationValues.read(environment: [variable: "text of \(key.name)"])
            let entry = values.entries.first { $0.key.name == key.name }
            #expect(entry?.text == "text of \(key.name)")
            #expect(entry?.origin == .environment(variable: variable))
            #expect(values.entries.allSatisfy { $0.key.name == key.name || $0.origin == .default })
        }
    }

    @Test func fullVariableBeatsItsShortName() async throws {
        let values = try await ConfigurationValues.read(environment: ["PORT": "1", "FACESERVER_HTTP_PORT": "2"])
        let port = values.entries.first { $0.key.name == "http.port" }
        #expect(port?.text == "2")
        #expect(port?.origin == .environment(variable: "FACESERVER_HTTP_PORT"))
    }

    @Test func shortNameIsNoOtherKeys() async throws {
        let values = try await ConfigurationValues.read(environment: ["LOG_LEVEL": "debug", "PORT": "1"])
        #expect(values.entries.filter { $0.origin != .default }.map(\.key.name) == ["http.port"])
    }

    @Test func yamlTellsValueAndOrigin() async throws {
        let (values, path) = try await values()
        let lines = values.yaml.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["http:", "  host: \"::\"  # file \(path)", "  port: 9000  # environment PORT"])
        #expect(lines.contains("  name: \"a#b\"  # file \(path)"))
        #expect(lines.contains("  level: debug  # flag"))
        #expect(lines.contains("  grace: 30s  # default"))
    }

    @Test func yamlCanBeReadAgain() async throws {
        let (values, _) = try await values()
        let copy = try folder.write(values.yaml, to: "copy.yaml")
        let again = try await ConfigurationValues.read(file: copy, environment: [:])
        #expect(again.entries.map(\.text) == values.entries.map(\.text))
    }

    @Test func jsonTellsTheSame() async throws {
        let (values, path) = try await values()
        let object = try JSONSerialization.jsonObject(with: Data(values.json.utf8)) as? [String: [String: Any]]
        #expect(object?.count == ConfigurationKeys.all.count)
        #expect(
            object?["http.port"] as? [String: String] == ["value": "9000", "origin": "environment", "variable": "PORT"])
        #expect(object?["http.host"] as? [String: String] == ["value": "::", "origin": "file", "path": path])
        #expect(object?["log.level"] as? [String: String] == ["value": "debug", "origin": "flag"])
        #expect(object?["shutdown.grace"] as? [String: String] == ["value": "30s", "origin": "default"])
    }

    @Test func secretIsShownToNobody() {
        let key = ConfigurationKey<[Int]>.list("a.secret", allowed: "numbers", isSecret: true, "") { Int($0) }
        let empty = ConfigurationValues(entries: [.init(key: key, text: "", origin: .default)])
        let values = ConfigurationValues(entries: [.init(key: key, text: "12,34x", origin: .flag)])
        #expect(empty.yaml == "a:\n  secret: []  # default\n")
        #expect(values.yaml == "a:\n  secret: [\"(redacted)\"]  # flag\n")
        #expect(values.json == "{\n  \"a.secret\": {\"value\": [\"(redacted)\"], \"origin\": \"flag\"}\n}\n")
        let error = #expect(throws: ConfigurationError.self) { try values.value(key) }
        #expect(error?.description == "a.secret is not as it should be: expected numbers")
    }

    @Test(
        arguments: [
            ("", [], "none"), ("1", [1], "one"), ("1,2", [1, 2], "two"), (" 1 , 2 ", [1, 2], "with spaces"),
            ("1,", nil, "an empty one"), ("x", nil, "a bad one"),
        ] as [(String, [Int]?, String)])
    func listIsJoinedByCommas(text: String, members: [Int]?, reason: String) {
        let key = ConfigurationKey<[Int]>.list("a.b", allowed: "numbers", "") { Int($0) }
        #expect(key.parse(text) == members, "\(reason)")
    }
}
