// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import Synchronization

/// Reads a YAML configuration file and refuses keys that do not exist.
enum ConfigurationFile {
    /// The file as a provider of values, with those of its keys that are models'.
    static func read(path: String) async throws -> (provider: any ConfigProvider, modelKeys: [String]) {
        // The snapshot does not list its keys. It does ask of each one whether it is secret, which is how they come
        // to light here.
        let seenKeys = Mutex<[String]>([])
        let options = YAMLSnapshot.ParsingOptions(
            secretsSpecifier: .dynamic { key, _ in
                seenKeys.withLock { $0.append(key) }
                return false
            }
        )
        let provider: FileProvider<YAMLSnapshot>
        do {
            // Asked first because the provider's own errors for these are long-winded.
            guard FileManager.default.isReadableFile(atPath: path) else {
                throw ConfigurationError.unreadableFile(path: path, detail: "no such file, or not readable")
            }
            provider = try await FileProvider<YAMLSnapshot>(parsingOptions: options, filePath: .init(path))
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw ConfigurationError.unreadableFile(path: path, detail: "not a YAML mapping: \(oneLine(error))")
        }
        let knownKeys = ConfigurationKeys.all.map(\.name)
        var modelKeys: [String] = []
        for key in seenKeys.withLock({ $0 }).sorted() where !knownKeys.contains(key) {
            guard ModelKeys.part(key) != nil else {
                throw ConfigurationError.unknownKey(
                    key, path: path, suggestion: ModelKeys.suggestion(for: key) ?? NearestName.of(key, among: knownKeys)
                )
            }
            modelKeys.append(key)
        }
        return (provider, modelKeys)
    }

    private static func oneLine(_ error: any Error) -> String {
        String(describing: error).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
