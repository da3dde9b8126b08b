// SPDX-License-Identifier: Apache-2.0

/// Every key's value as text, and where it came from.
struct ConfigurationValues: Sendable {
    /// One key's.
    struct Entry: Sendable {
        let key: any AnyConfigurationKey
        /// The members of a list are joined by commas, which none of them holds.
        let text: String
        let origin: ConfigurationOrigin
    }

    /// In the order of `ConfigurationKeys.all`, and after them the models' of the file.
    let entries: [Entry]

    /// Reads every source: flags beat the environment, which beats the file, which beats the defaults.
    ///
    /// - Parameters:
    ///   - flags: values from the command line by key.
    ///   - file: the file named on the command line; nil for the one of `FACESERVER_CONFIG`, if any.
    static func read(
        flags: [String: String] = [:], file: String? = nil, environment: [String: String]
    ) async throws -> ConfigurationValues {
        let variables = try ConfigurationEnvironment.recognised(in: environment)
        var path = file ?? variables[ConfigurationEnvironment.fileVariable]
        if path?.isEmpty == true {
            path = nil
        }
        let values = try path.map(ConfigurationFile.read) ?? [:]
        let modelKeys = values.keys.filter { ModelKeys.part($0) != nil }.sorted()
        return ConfigurationValues(
            entries: try (ConfigurationKeys.all + modelKeys.map(ModelKeys.key)).map { key in
                if let text = flags[key.name] {
                    return Entry(key: key, text: text, origin: .flag)
                }
                if let (variable, text) = Self.variable(of: key.name, in: variables) {
                    return Entry(key: key, text: text, origin: .environment(variable: variable))
                }
                if let path, let text = try values[key.name].map({ try Self.text(of: key, in: $0) }) {
                    return Entry(key: key, text: text, origin: .file(path: path))
                }
                return Entry(key: key, text: key.defaultText, origin: .default)
            }
        )
    }

    /// The checked value of a key.
    func value<Value>(_ key: ConfigurationKey<Value>) throws -> Value {
        let text = entries.first { $0.key.name == key.name }?.text ?? key.defaultText
        guard let value = key.parse(text) else {
            throw ConfigurationError.badValue(
                key: key.name, value: key.isSecret ? nil : text, allowed: key.allowed)
        }
        return value
    }

    private static func variable(
        of key: String, in variables: [String: String]
    ) -> (name: String, text: String)? {
        let full = ConfigurationEnvironment.variable(for: key)
        let aliases = ConfigurationEnvironment.aliases.filter { $0.value == full }.map(\.key)
        for name in [full] + aliases {
            if let text = variables[name] {
                return (name, text)
            }
        }
        return nil
    }

    /// The text of a key that a file has.
    private static func text(of key: any AnyConfigurationKey, in value: ConfigurationFile.Value) throws -> String {
        switch value {
        case .text(let text):
            return text
        case .list(let members):
            guard key.isList else {
                throw ConfigurationError.notOneValue(key: key.name, allowed: key.allowed)
            }
            return members.joined(separator: ",")
        }
    }
}
