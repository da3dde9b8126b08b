// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import Synchronization

/// Reads a YAML configuration file and refuses keys that do not exist.
enum ConfigurationFile {
    /// The file as a provider of values.
    static func provider(path: String) async throws -> any ConfigProvider {
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
        for key in seenKeys.withLock({ $0 }).sorted() where !knownKeys.contains(key) {
            throw ConfigurationError.unknownKey(
                key, path: path, suggestion: NearestName.of(key, among: knownKeys)
            )
        }
        return provider
    }

    private static func oneLine(_ error: any Error) -> String {
        String(describing: error).split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
