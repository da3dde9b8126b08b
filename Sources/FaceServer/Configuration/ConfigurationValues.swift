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
        let keys = ConfigurationKeys.all + modelKeys.map(ModelKeys.key)
        let sources = ConfigurationSources(
            flags: flags, variables: variables, file: path,
            values: try keys.reduce(into: [:]) { $0[$1.name] = try values[$1.name].map($1.text) })
        return ConfigurationValues(entries: keys.map(sources.entry))
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
}

extension AnyConfigurationKey {
    /// The text of the key's value in a file.
    fileprivate func text(_ value: ConfigurationFile.Value) throws -> String {
        switch value {
        case .text(let text):
            return text
        case .list(let members):
            guard isList else {
                throw ConfigurationError.notOneValue(key: name, allowed: allowed)
            }
            return members.joined(separator: ",")
        }
    }
}
