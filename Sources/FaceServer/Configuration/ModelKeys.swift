// SPDX-License-Identifier: Apache-2.0

/// The configuration keys of several models, which only the file has: `models.NAME.path`, for which `models.NAME` is
/// short, `models.NAME.sha256` and `models.NAME.directions`.
enum ModelKeys {
    /// What a key tells of a model.
    enum Part: String, CaseIterable {
        case path
        case sha256
        case directions
    }

    private static let prefix = "models."

    /// The model's name in a key and what the key tells of it; nil when the key is none of a model.
    static func part(_ key: String) -> (name: String, part: Part)? {
        guard key.hasPrefix(prefix) else { return nil }
        let rest = key.dropFirst(prefix.count)
        for part in Part.allCases where rest.hasSuffix("." + part.rawValue) {
            return (String(rest.dropLast(part.rawValue.count + 1)), part)
        }
        return rest.contains(".") ? nil : (String(rest), .path)
    }

    /// The nearest key that there is to one that there is not.
    static func suggestion(for key: String) -> String? {
        let components = key.split(separator: ".")
        guard key.hasPrefix(prefix), components.count > 2, let last = components.last else { return nil }
        return NearestName.of(String(last), among: Part.allCases.map(\.rawValue)).map { key.dropLast(last.count) + $0 }
    }

    /// A key of the file as one that can be looked up.
    static func key(_ name: String) -> any AnyConfigurationKey {
        switch part(name)?.part {
        case .directions:
            return ConfigurationKey<String>.list(
                name, allowed: DirectionDeclaration.allowed, "", parse: { DirectionDeclaration($0) })
        case let part:
            return ConfigurationKey<String>.text(
                name, default: "", allowed: part == .sha256 ? "64 hexadecimal digits" : "a file's path", "")
        }
    }

    /// The models of the file, in the order of their names.
    static func declarations(_ values: ConfigurationValues) throws -> [ModelDeclaration] {
        var models: [String: ModelDeclaration] = [:]
        for entry in values.entries {
            guard let (name, part) = part(entry.key.name) else { continue }
            guard ModelDeclaration.isName(name) else {
                throw ConfigurationError.badValue(
                    key: "models", value: name,
                    allowed: "names of 1 to 64 letters, digits, '-', '_' and '.', not beginning with '.'")
            }
            var model = models[name] ?? ModelDeclaration(name: name)
            switch part {
            case .path:
                model.path = entry.text.isEmpty ? nil : entry.text
            case .sha256:
                model.sha256 = ModelDeclaration.sha256(entry.text)
                guard model.sha256 != nil else {
                    throw ConfigurationError.badValue(
                        key: entry.key.name, value: entry.text, allowed: entry.key.allowed)
                }
            case .directions:
                let members = entry.text.split(separator: ",")
                model.directions = members.compactMap { DirectionDeclaration($0.trimmingSpaces()) }
                guard model.directions.count == members.count else {
                    throw ConfigurationError.badValue(
                        key: entry.key.name, value: entry.text, allowed: entry.key.allowed)
                }
            }
            models[name] = model
        }
        for (name, model) in models where model.path == nil {
            throw ConfigurationError.badValue(key: prefix + name + ".path", value: "", allowed: "a file's path")
        }
        return models.sorted { $0.key < $1.key }.map(\.value)
    }
}
