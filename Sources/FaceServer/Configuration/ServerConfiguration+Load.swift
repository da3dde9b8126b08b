// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension ServerConfiguration {
    /// Reads and checks the configuration; see `ConfigurationValues.read`.
    static func load(
        flags: [String: String] = [:], file: String? = nil, environment: [String: String]
    ) async throws -> ServerConfiguration {
        try ServerConfiguration(await .read(flags: flags, file: file, environment: environment))
    }

    init(_ values: ConfigurationValues) throws {
        func value<Value>(_ key: ConfigurationKey<Value>) throws -> Value {
            try values.value(key)
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
                    maxCacheBytes: value(ConfigurationKeys.maxCacheBytes),
                    cacheDirectory: optional(ConfigurationKeys.cacheDirectory),
                    maxDiskCacheBytes: value(ConfigurationKeys.maxDiskCacheBytes),
                    composites: CompositeLimits(
                        maxCells: value(ConfigurationKeys.maxCells), maxPixels: value(ConfigurationKeys.maxPixels),
                        maxFrames: value(ConfigurationKeys.maxFrames))
                )
            }
        }
        /// With several models, one has to be named that answers where none is.
        func defaultModel(of models: [ModelDeclaration]) throws -> String? {
            let name = try optional(ConfigurationKeys.defaultModel)
            let names = models.compactMap(\.name)
            guard name.map(names.contains) ?? (names.count <= 1) else {
                throw ConfigurationError.badValue(
                    key: ConfigurationKeys.defaultModel.name, value: name ?? "",
                    allowed: names.isEmpty ? "nothing, without models" : "one of " + names.joined(separator: ", "))
            }
            return name
        }
        let namedModels = try ModelKeys.declarations(values)
        if !namedModels.isEmpty {
            for key in [ConfigurationKeys.modelPath, ConfigurationKeys.modelName, ConfigurationKeys.modelSHA256] {
                if let text = try optional(key) {
                    throw ConfigurationError.badValue(
                        key: key.name, value: text, allowed: "nothing, since the file names models")
                }
            }
            guard try value(ConfigurationKeys.modelDirections).isEmpty else {
                throw ConfigurationError.badValue(
                    key: ConfigurationKeys.modelDirections.name, value: "",
                    allowed: "nothing, since the file names models, which have directions of their own")
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
                maxConnectionsPerAddress: maxPerAddress > 0 ? maxPerAddress : nil,
                trustedProxies: try value(ConfigurationKeys.trustedProxies),
                maxPipelinedRequests: try value(ConfigurationKeys.maxPipelinedRequests),
                maxWriteBufferBytes: try value(ConfigurationKeys.maxWriteBufferBytes)
            ),
            modelPath: try optional(ConfigurationKeys.modelPath),
            modelName: try optional(ConfigurationKeys.modelName),
            modelSHA256: try optional(ConfigurationKeys.modelSHA256),
            modelDirections: try value(ConfigurationKeys.modelDirections),
            namedModels: namedModels,
            defaultModel: try defaultModel(of: namedModels),
            defaultTruncation: try value(ConfigurationKeys.defaultTruncation),
            workerCount: try value(ConfigurationKeys.workerCount),
            workerThreads: try value(ConfigurationKeys.workerThreads),
            serving: try serving,
            access: try AccessConfiguration(values),
            metricsEnabled: try value(ConfigurationKeys.metricsEnabled),
            logLevel: try value(ConfigurationKeys.logLevel),
            logFormat: try value(ConfigurationKeys.logFormat),
            shutdownGrace: try value(ConfigurationKeys.shutdownGrace)
        )
    }
}
