// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP

/// The effective configuration: every key with its value, checked.
struct ServerConfiguration: Sendable {
    /// The part that is the HTTP server's.
    var http: HTTPServer.Configuration
    /// nil for the model that comes with the program.
    var modelPath: String?
    /// nil for the model's own name.
    var modelName: String?
    /// What the SHA-256 of the model's file has to be; nil for anything.
    var modelSHA256: String?
    /// Files of directions for the model of `modelPath`.
    var modelDirections: [DirectionDeclaration] = []
    /// The models of `models`, in the order of their names; empty where there is only that of `modelPath`.
    var namedModels: [ModelDeclaration] = []
    /// Which of `namedModels` answers where none is named.
    var defaultModel: String?
    var defaultTruncation: FixedDecimal
    /// 0 for one a core.
    var workerCount: Int
    /// 0 to share the cores out among the workers.
    var workerThreads: Int
    var serving: ServingConfiguration
    var access = AccessConfiguration()
    /// Whether there is `/metrics`.
    var metricsEnabled = true
    var logLevel: Logger.Level
    var logFormat = LogFormat.text
    var shutdownGrace: Duration
}

extension ServerConfiguration {
    /// Every model to serve.
    var modelDeclarations: [ModelDeclaration] {
        guard namedModels.isEmpty else { return namedModels }
        return [
            ModelDeclaration(name: modelName, path: modelPath, sha256: modelSHA256, directions: modelDirections)
        ]
    }

    /// How many workers there are on a machine of `cores`, and how many cores they share.
    func workers(cores: Int) -> (count: Int, cores: Int) {
        (workerCount > 0 ? workerCount : max(1, cores), workerThreads > 0 ? workerThreads : max(1, cores))
    }
}
