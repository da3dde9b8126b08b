// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ConfigurationEnvironmentTests {
    @Test(arguments: [
        ("http.port", "FACESERVER_HTTP_PORT", "a section and a word"),
        ("http.maxConnectionsPerAddress", "FACESERVER_HTTP_MAX_CONNECTIONS_PER_ADDRESS", "several words"),
        ("model.sha256", "FACESERVER_MODEL_SHA256", "digits belong to the word before"),
        ("a.bURL", "FACESERVER_A_B_URL", "capitals in a row are one word"),
    ])
    func variablesAreNamedByWords(key: String, variable: String, reason: String) {
        #expect(ConfigurationEnvironment.variable(for: key) == variable, "\(reason)")
    }

    @Test(arguments: [
        ("FACESERVER_HTTP_PROT", "did you mean 'FACESERVER_HTTP_PORT'?", "letters swapped"),
        ("FACESERVER_HTTP_MAXCONNECTIONS", "did you mean 'FACESERVER_HTTP_MAX_CONNECTIONS'?", "a word joined"),
        ("FACESERVER_LOGLEVEL", "did you mean 'FACESERVER_LOG_LEVEL'?", "another"),
        ("FACESERVER_CONFGI", "did you mean 'FACESERVER_CONFIG'?", "the file's"),
        ("FACESERVER_PORT", "did you mean 'FACESERVER_HTTP_PORT'?", "a section left out; a number is no service link"),
    ])
    func mistypedVariableIsRefused(name: String, suggestion: String, reason: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationEnvironment.recognised(in: [name: "80"])
        }
        #expect(error?.description == "unknown environment variable '\(name)', \(suggestion)", "\(reason)")
    }

    @Test func variableUnlikeAnyHasNoSuggestion() {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationEnvironment.recognised(in: ["FACESERVER_COLOUR_OF_THE_SKY": "blue"])
        }
        #expect(error?.description == "unknown environment variable 'FACESERVER_COLOUR_OF_THE_SKY'")
    }

    /// What `kubectl exec POD -- env` shows for services `faceserver` and `faceserver-http`, Kubernetes documentation
    /// "Discovering services, environment variables".
    @Test(arguments: [
        ("FACESERVER_SERVICE_HOST", "10.0.0.11"),
        ("FACESERVER_SERVICE_PORT", "8080"),
        ("FACESERVER_SERVICE_PORT_HTTP", "8080"),
        ("FACESERVER_PORT", "tcp://10.0.0.11:8080"),
        ("FACESERVER_PORT_8080_TCP", "tcp://10.0.0.11:8080"),
        ("FACESERVER_PORT_8080_TCP_PROTO", "tcp"),
        ("FACESERVER_PORT_8080_TCP_PORT", "8080"),
        ("FACESERVER_PORT_8080_TCP_ADDR", "10.0.0.11"),
        ("FACESERVER_HTTP_SERVICE_HOST", "10.0.0.12"),
        ("FACESERVER_HTTP_SERVICE_PORT", "80"),
        ("FACESERVER_HTTP_PORT", "tcp://10.0.0.12:80"),
        ("FACESERVER_HTTP_PORT", "tcp://[fd00::12]:80"),
        ("FACESERVER_HTTP_PORT_80_TCP_ADDR", "10.0.0.12"),
        ("FACESERVER_DNS_PORT_53_UDP", "udp://10.0.0.13:53"),
    ])
    func serviceLinksAreNotOurs(name: String, value: String) throws {
        #expect(try ConfigurationEnvironment.recognised(in: [name: value]).isEmpty)
    }

    @Test func serviceLinkDoesNotHideThePort() async throws {
        let configuration = try await ServerConfiguration.load(
            environment: ["FACESERVER_HTTP_PORT": "tcp://10.0.0.12:80", "PORT": "9000"])
        #expect(configuration.http.port == 9000)
    }

    @Test func otherVariablesAreNoConcern() throws {
        let ours = ["PORT": "1", "FACESERVER_HTTP_HOST": "::"]
        let others = ["PATH": "/bin", "FACESERVERS": "x", "faceserver_http_port": "2", "FACESERVER_HTTP_PORT": ""]
        #expect(try ConfigurationEnvironment.recognised(in: ours.merging(others) { $1 }) == ours)
    }
}
