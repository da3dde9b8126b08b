// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import FaceServer

/// `config/faceserver.yaml` is the documentation of the configuration, so it must not drift from it.
@Suite struct ConfigurationFileTests {
    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("config/faceserver.yaml").path

    @Test func fileHasEveryKeyAtItsDefault() async throws {
        let provider = try await ConfigurationFile.read(path: Self.path).provider
        for key in ConfigurationKeys.all {
            let components = key.name.split(separator: ".").map(String.init)
            let value = try provider.value(forKey: .init(components), type: key.isList ? .stringArray : .string).value
            let members = key.defaultText.split(separator: ",").map(String.init)
            #expect(
                value?.content == (key.isList ? .stringArray(members) : .string(key.defaultText)), "\(key.name)")
        }
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

    @Test func namesAreDistinct() {
        #expect(Set(ConfigurationKeys.all.map(\.name)).count == ConfigurationKeys.all.count)
    }
}
