// SPDX-License-Identifier: Apache-2.0

import Configuration
import Synchronization

/// Where values come from, in layers: flags beat the environment, which beats the file, which beats the defaults.
///
/// Values are texts at first, as flags and variables are, so that one rule checks them wherever they come from.
struct ConfigurationSources: Sendable {
    /// The providers of `reader`, the first of which wins.
    private enum Layer: Int, CaseIterable {
        case flags, variables, aliases, file
    }

    private let reader: ConfigReader
    private let latest = LatestAccess()
    private let file: String?

    /// - Parameters:
    ///   - flags: values from the command line by key.
    ///   - variables: those of the environment that are the program's, by name.
    ///   - file: the path of the file, if there is one.
    ///   - values: the file's, by key.
    init(flags: [String: String], variables: [String: String], file: String?, values: [String: String]) {
        let environment = EnvironmentVariablesProvider(environmentVariables: variables)
        self.file = file
        reader = ConfigReader(
            providers: Layer.allCases.map { layer in
                switch layer {
                case .flags: InMemoryProvider(name: "flags", values: Self.keyed(flags))
                case .variables: environment.prefixKeys(with: ConfigKey(ConfigurationEnvironment.section))
                case .aliases: environment.mapKeys(ConfigurationEnvironment.alias(of:))
                case .file: InMemoryProvider(name: "file", values: Self.keyed(values))
                }
            },
            accessReporter: latest)
    }

    /// The value of a key, and the layer that has it.
    func entry(_ key: any AnyConfigurationKey) -> ConfigurationValues.Entry {
        guard let text = reader.string(forKey: ConfigKey(key.name), isSecret: key.isSecret) else {
            return .init(key: key, text: key.defaultText, origin: .default)
        }
        return .init(key: key, text: text, origin: origin(of: latest.results))
    }

    /// - Parameter results: of the layers that were asked, of which the last one had the value.
    private func origin(of results: [AccessEvent.ProviderResult]) -> ConfigurationOrigin {
        switch Layer(rawValue: results.count - 1) {
        case .flags: .flag
        case .variables, .aliases: .environment(variable: (try? results.last?.result.get().encodedKey) ?? "")
        case .file: .file(path: file ?? "")
        case nil: .default
        }
    }

    private static func keyed(_ texts: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
        Dictionary(
            uniqueKeysWithValues: texts.map { key, text in
                (AbsoluteConfigKey(ConfigKey(key)), ConfigValue(.string(text), isSecret: false))
            })
    }
}

/// What the layers answered when a value was read last.
private final class LatestAccess: AccessReporter {
    private let access = Mutex<[AccessEvent.ProviderResult]>([])

    var results: [AccessEvent.ProviderResult] {
        access.withLock { $0 }
    }

    func report(_ event: AccessEvent) {
        access.withLock { $0 = event.providerResults }
    }
}
