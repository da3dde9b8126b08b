// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

/// `config/faceserver.yaml` is the documentation of the configuration, so it must not drift from it.
@Suite struct ConfigurationFileTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("config/faceserver.yaml").path

    @Test func fileHasEveryKeyAtItsDefault() throws {
        let values = try ConfigurationFile.read(path: Self.path)
        for key in ConfigurationKeys.all {
            let members = key.defaultText.split(separator: ",").map(String.init)
            #expect(values[key.name] == (key.isList ? .list(members) : .text(key.defaultText)), "\(key.name)")
        }
        #expect(values.count == ConfigurationKeys.all.count)
    }

    @Test func fileDocumentsEveryKey() throws {
        let text = try String(contentsOfFile: Self.path, encoding: .utf8)
        // Comments run over several lines.
        let comments = text.replacingOccurrences(of: "\n  # ", with: " ")
        for key in ConfigurationKeys.all {
            let defaultText = key.defaultText.isEmpty ? "empty" : key.defaultText
            let line = "`\(key.name)` (\(key.type), default \(defaultText)): \(key.summary)\n"
            #expect(comments.contains(line), "\(key.name)")
        }
    }

    @Test func everyDefaultIsAllowed() async throws {
        _ = try await ServerConfiguration.load(file: Self.path, environment: [:])
        _ = try await ServerConfiguration.load(environment: [:])
    }

    @Test func keyWithoutAValueIsAsGoodAsNone() throws {
        let folder = TemporaryFolder()
        let path = try folder.write("http:\nlog.level:\nqueue: {timeout: ~}\nmodels:\n", to: "a.yaml")
        #expect(try ConfigurationFile.read(path: path).isEmpty)
    }

    @Test(arguments: [
        ("htpp:", "unknown key 'htpp'", "nothing under a section that there is not"),
        ("http: 8080", "unknown key 'http'", "a value where a section belongs"),
        ("http: {port: 1}\nhttp.port: 2", "http.port is there twice", "nested and dotted"),
        ("http: {port: {number: 1}}", "unknown key 'http.port.number'", "a section where a value belongs"),
        ("cors: {allowOrigins: [[a]]}", "cors.allowOrigins has a member that is no text", "a list of lists"),
        ("http: {port: 1", "not YAML: line 2, column 1: did not find expected ',' or '}'", "an open brace"),
    ])
    func badFileIsRefused(text: String, message: String, reason: String) throws {
        let folder = TemporaryFolder()
        let path = try folder.write(text, to: "a.yaml")
        let error = #expect(throws: ConfigurationError.self, "\(reason)") { try ConfigurationFile.read(path: path) }
        #expect(error?.description.hasPrefix("\(path): \(message)") == true, "\(reason): \(error?.description ?? "")")
    }

    @Test func namesAreDistinct() {
        #expect(Set(ConfigurationKeys.all.map(\.name)).count == ConfigurationKeys.all.count)
    }
}
