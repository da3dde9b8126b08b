// SPDX-License-Identifier: Apache-2.0

import Configuration
import MiniHTTP

extension ServerConfiguration {
    /// Reads the configuration: flags beat the environment, which beats the file, which beats the defaults.
    ///
    /// The environment's names are those of the keys with `FACESERVER_` before them (`http.maxConnections` is
    /// `FACESERVER_HTTP_MAX_CONNECTIONS`), and the short forms of `environmentAliases`.
    ///
    /// - Parameters:
    ///   - flags: values from the command line by key.
    ///   - file: the file named on the command line; nil for the one of `FACESERVER_CONFIG`, if any.
    static func load(
        flags: [String: String] = [:], file: String? = nil, environment: [String: String]
    ) async throws -> ServerConfiguration {
        var providers: [any ConfigProvider] = [
            inMemory("flags", flags),
            EnvironmentVariablesProvider(environmentVariables: expandingAliases(environment))
                .prefixKeys(with: "faceserver"),
        ]
        if let path = file ?? environment["FACESERVER_CONFIG"], !path.isEmpty {
            providers.append(try await ConfigurationFile.provider(path: path))
        }
        let defaults = ConfigurationKeys.all.map { ($0.name, $0.defaultText) }
        providers.append(inMemory("defaults", Dictionary(uniqueKeysWithValues: defaults)))
        return try ServerConfiguration(ConfigReader(providers: providers))
    }

    /// Short names in the environment, with the full ones that they stand for and that win over them.
    static let environmentAliases = [
        "PORT": "FACESERVER_HTTP_PORT",
        "FACESERVER_MODEL": "FACESERVER_MODEL_PATH",
    ]

    private static func expandingAliases(_ environment: [String: String]) -> [String: String] {
        // An empty variable counts as unset, as in `PORT=${PORT:-}` of a compose file.
        var expanded = environment.filter { !$0.value.isEmpty }
        for (alias, name) in environmentAliases where expanded[name] == nil {
            expanded[name] = expanded[alias]
        }
        return expanded
    }

    private static func inMemory(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        let pairs = values.map { key, value in
            (AbsoluteConfigKey(ConfigKey(key)), ConfigValue(.string(value), isSecret: false))
        }
        return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: pairs))
    }

    private init(_ reader: ConfigReader) throws {
        func value<Value>(_ key: ConfigurationKey<Value>) throws -> Value {
            let text: String
            do {
                // Every key has a default, so the one way to fail is a list where one value belongs.
                text = try reader.requiredString(forKey: ConfigKey(key.name))
            } catch {
                throw ConfigurationError.notOneValue(key: key.name, allowed: key.allowed)
            }
            guard let value = key.parse(text) else {
                throw ConfigurationError.badValue(key: key.name, value: text, allowed: key.allowed)
            }
            return value
        }
        func optional(_ key: ConfigurationKey<String>) throws -> String? {
            let text = try value(key)
            return text.isEmpty ? nil : text
        }
        var serving: ServingConfiguration {
            get throws {
                try ServingConfiguration(
                    maxQueueDepth: value(ConfigurationKeys.maxQueueDepth),
                    maxQueueDelay: value(ConfigurationKeys.maxQueueDelay),
                    timeout: value(ConfigurationKeys.timeout),
                    maxTimeout: value(ConfigurationKeys.maxTimeout),
                    maxBatchSize: value(ConfigurationKeys.maxBatchSize),
                    maxCacheBytes: value(ConfigurationKeys.maxCacheBytes)
                )
            }
        }
        let maxPerAddress = try value(ConfigurationKeys.maxConnectionsPerAddress)
        self.init(
            http: HTTPServer.Configuration(
                host: try value(ConfigurationKeys.host),
                port: try value(ConfigurationKeys.port),
                limits: HTTPLimits(
                    maxRequestLineBytes: try value(ConfigurationKeys.maxRequestLineBytes),
                    maxHeaderBytes: try value(ConfigurationKeys.maxHeaderBytes),
                    maxHeaderCount: try value(ConfigurationKeys.maxHeaderCount),
                    maxBodyBytes: try value(ConfigurationKeys.maxBodyBytes)
                ),
                timeouts: HTTPTimeouts(
                    header: try value(ConfigurationKeys.headerTimeout),
                    body: try value(ConfigurationKeys.bodyTimeout),
                    idle: try value(ConfigurationKeys.idleTimeout),
                    write: try value(ConfigurationKeys.writeTimeout)
                ),
                maxConnections: try value(ConfigurationKeys.maxConnections),
                maxConnectionsPerAddress: maxPerAddress > 0 ? maxPerAddress : nil
            ),
            modelPath: try optional(ConfigurationKeys.modelPath),
            modelName: try optional(ConfigurationKeys.modelName),
            defaultTruncation: try value(ConfigurationKeys.defaultTruncation),
            workerCount: try value(ConfigurationKeys.workerCount),
            workerThreads: try value(ConfigurationKeys.workerThreads),
            serving: try serving,
            metricsEnabled: try value(ConfigurationKeys.metricsEnabled),
            logLevel: try value(ConfigurationKeys.logLevel),
            logFormat: try value(ConfigurationKeys.logFormat),
            shutdownGrace: try value(ConfigurationKeys.shutdownGrace)
        )
    }
}
