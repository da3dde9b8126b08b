// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Reads a YAML configuration file and refuses keys that do not exist.
///
/// A key may be nested or dotted: `http: {port: 1}` and `http.port: 1` are one and the same. A key without a value is as
/// good as none.
enum ConfigurationFile {
    /// What a file has for a key.
    enum Value: Equatable, Sendable {
        case text(String)
        case list([String])
    }

    /// The values by key, those of models among them.
    static func read(path: String) throws -> [String: Value] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw ConfigurationError.unreadableFile(path: path, detail: "no such file, or not readable")
        }
        let root: YAMLValue
        do {
            root = try YAMLParser.parse(Array(bytes))
        } catch {
            throw ConfigurationError.unreadableFile(path: path, detail: "not YAML: \(error)")
        }
        guard case .mapping(let members) = root else {
            throw ConfigurationError.unreadableFile(path: path, detail: "not a YAML mapping")
        }
        var values: [String: Value] = [:]
        try collect(members, prefix: "", into: &values, path: path)
        return values
    }

    private static func collect(
        _ members: [YAMLValue.Member], prefix: String, into values: inout [String: Value], path: String
    ) throws {
        for member in members {
            let key = prefix + member.key
            switch member.value {
            case .null:
                try check(key, isSection: true, path)
            case .scalar(let text):
                try add(.text(text), at: key, to: &values, path)
            case .sequence(let items):
                let texts = try items.map { item in
                    guard case .scalar(let text) = item else {
                        throw ConfigurationError.unreadableFile(
                            path: path, detail: "\(key) has a member that is no text")
                    }
                    return text
                }
                try add(.list(texts), at: key, to: &values, path)
            case .mapping(let members):
                try collect(members, prefix: key + ".", into: &values, path: path)
            }
        }
    }

    private static func add(
        _ value: Value, at key: String, to values: inout [String: Value], _ path: String
    ) throws {
        try check(key, isSection: false, path)
        guard values.updateValue(value, forKey: key) == nil else {
            throw ConfigurationError.unreadableFile(path: path, detail: "\(key) is there twice")
        }
    }

    /// - Parameter isSection: whether the key may be the first part of others
    private static func check(_ key: String, isSection: Bool, _ path: String) throws {
        let known = ConfigurationKeys.all.map(\.name)
        let isKnown = known.contains(key) || ModelKeys.part(key) != nil
        let beginsOne = key == "models" || known.contains { $0.hasPrefix(key + ".") }
        guard isKnown || isSection && beginsOne else {
            throw ConfigurationError.unknownKey(
                key, path: path, suggestion: ModelKeys.suggestion(for: key) ?? NearestName.of(key, among: known))
        }
    }
}
