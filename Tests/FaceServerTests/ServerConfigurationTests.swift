// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

@Suite struct ServerConfigurationTests {
    private let folder = TemporaryFolder()

    @Test func defaults() async throws {
        let configuration = try await ServerConfiguration.load(environment: [:])
        #expect(configuration.http.host == "127.0.0.1")
        #expect(configuration.http.port == 8080)
        #expect(configuration.modelPath == nil)
        #expect(configuration.defaultTruncation.description == "0.7")
        #expect(configuration.logLevel == .info)
        #expect(configuration.shutdownGrace == .seconds(30))
    }

    struct Precedence: Sendable, CustomTestStringConvertible {
        let flag: String?
        let environment: [String: String]
        let file: String?
        let port: Int
        let testDescription: String
    }

    @Test(arguments: [
        Precedence(
            flag: "1", environment: ["FACESERVER_HTTP_PORT": "2", "PORT": "3"], file: "http: {port: 4}", port: 1,
            testDescription: "a flag beats all"),
        Precedence(
            flag: nil, environment: ["FACESERVER_HTTP_PORT": "2", "PORT": "3"], file: "http: {port: 4}", port: 2,
            testDescription: "the full name beats the alias"),
        Precedence(
            flag: nil, environment: ["PORT": "3"], file: "http: {port: 4}", port: 3,
            testDescription: "the environment beats the file"),
        Precedence(
            flag: nil, environment: ["PORT": ""], file: "http: {port: 4}", port: 4,
            testDescription: "an empty variable is as good as none"),
        Precedence(
            flag: nil, environment: [:], file: "http.port: 5", port: 5,
            testDescription: "a dotted key is the same key"),
        Precedence(flag: nil, environment: [:], file: nil, port: 8080, testDescription: "the default is last"),
    ])
    func flagsBeatEnvironmentBeatsFileBeatsDefaults(_ row: Precedence) async throws {
        let configuration = try await ServerConfiguration.load(
            flags: row.flag.map { ["http.port": $0] } ?? [:],
            file: try row.file.map { try folder.write($0, to: "a.yaml") },
            environment: row.environment
        )
        #expect(configuration.http.port == row.port)
    }

    @Test func hashOfTheModelIsCompared() async throws {
        let digits = String(repeating: "A0", count: 32)
        let configuration = try await ServerConfiguration.load(flags: ["model.sha256": digits], environment: [:])
        #expect(configuration.modelDeclarations.map(\.sha256) == [digits.lowercased()])
        let error = #expect(throws: CommandFailure.self) {
            try ServedModel(configuration.modelDeclarations[0])
        }
        #expect(error?.description.hasSuffix(", expected \(digits.lowercased())") == true)
    }

    @Test func environmentNamesTheFileAndTheModel() async throws {
        let path = try folder.write("truncation:\n  default: 0.5\n", to: "a.yaml")
        let configuration = try await ServerConfiguration.load(
            environment: ["FACESERVER_CONFIG": path, "FACESERVER_MODEL": "ffhq.pkl"])
        #expect(configuration.defaultTruncation.description == "0.5")
        #expect(configuration.modelPath == "ffhq.pkl")
    }

    @Test(arguments: [
        ("http.port", "65536", "http.port is '65536', expected an integer from 0 to 65535"),
        ("http.port", "http", "http.port is 'http', expected an integer from 0 to 65535"),
        ("truncation.default", "3", "truncation.default is '3', expected a decimal number from -2 to 2"),
        (
            "log.level", "loud",
            "log.level is 'loud', expected one of trace, debug, info, notice, warning, error, critical"
        ),
        ("model.sha256", "12", "model.sha256 is '12', expected 64 hexadecimal digits"),
        (
            "shutdown.grace", "soon",
            "shutdown.grace is 'soon', expected a duration from 0s to 1h, such as 30s, 500ms or 2m"
        ),
    ])
    func badValueIsNamedWithItsBound(key: String, value: String, message: String) async {
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(flags: [key: value], environment: [:])
        }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        ("http: {prot: 1}", ": unknown key 'http.prot', did you mean 'http.port'?"),
        ("http: {Port: 1}", ": unknown key 'http.Port', did you mean 'http.port'?"),
        ("colour: red", ": unknown key 'colour'"),
        ("- a\n- b", ": not a YAML mapping"),
        ("", ": not a YAML mapping"),
    ])
    func badFileIsNamedWithItsKey(yaml: String, message: String) async throws {
        let path = try folder.write(yaml, to: "a.yaml")
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(file: path, environment: [:])
        }
        #expect(error?.description == path + message)
    }

    @Test func trustedProxiesAreNetworks() async throws {
        let path = try folder.write("http: {trustedProxies: [10.0.0.0/8, '::1']}", to: "a.yaml")
        let fromFile = try await ServerConfiguration.load(file: path, environment: [:])
        #expect(fromFile.http.trustedProxies.map(\.description) == ["10.0.0.0/8", "::1/128"])
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(
                environment: ["FACESERVER_HTTP_TRUSTED_PROXIES": "10.0.0.0/8, localhost"])
        }
        #expect(error?.description.contains("http.trustedProxies is '10.0.0.0/8, localhost'") == true)
    }

    @Test func listWhereAValueBelongsIsRefused() async throws {
        let path = try folder.write("http: {port: [1, 2]}", to: "a.yaml")
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(file: path, environment: [:])
        }
        #expect(error?.description == "http.port is a list, expected an integer from 0 to 65535")
    }

    @Test func missingFileIsNamed() async {
        let error = await #expect(throws: ConfigurationError.self) {
            try await ServerConfiguration.load(file: "/nowhere.yaml", environment: [:])
        }
        #expect(error?.description == "/nowhere.yaml: no such file, or not readable")
    }

    @Test(arguments: [
        (0, 0, 8, 8, 8, "one worker a core, sharing all"),
        (2, 0, 8, 2, 8, "fewer workers than cores share all cores"),
        (3, 0, 2, 3, 2, "more workers than cores"),
        (1, 5, 2, 1, 5, "as told"),
    ])
    func workersAreDerivedFromCores(
        count: Int, threads: Int, cores: Int, expectedCount: Int, expectedCores: Int, reason: String
    ) async throws {
        let flags = ["workers.count": String(count), "workers.threads": String(threads)]
        let workers = try await ServerConfiguration.load(flags: flags, environment: [:]).workers(cores: cores)
        #expect(workers == (expectedCount, expectedCores), "\(reason)")
    }
}
