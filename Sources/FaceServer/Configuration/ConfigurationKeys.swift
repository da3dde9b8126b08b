// SPDX-License-Identifier: Apache-2.0

import Logging

/// Every key there is. `config/faceserver.yaml` lists the same, in the same order; a test compares the two.
enum ConfigurationKeys {
    typealias Key = ConfigurationKey<String>

    static let host = Key.text(
        "http.host", default: "127.0.0.1", allowed: "an IPv4 or IPv6 address",
        "address to listen on; 0.0.0.0 or :: for all")
    static let port = Key.integer(
        "http.port", default: 8080, in: 0...65535,
        "TCP port to listen on; 0 lets the system choose one")
    static let maxConnections = Key.integer(
        "http.maxConnections", default: 1024, in: 1...1_000_000,
        "connections that may be open at once")

    static let modelPath = Key.text(
        "model.path", default: "", allowed: "a file's path",
        "checkpoint to serve; empty for the one that comes with the program")
    static let modelName = Key.text(
        "model.name", default: "", allowed: "text",
        "name that the model goes by; empty for its own")
    static let defaultTruncation = Key.decimal(
        "truncation.default", default: "0.7", in: FaceParameters.truncationBounds,
        "truncation of a request that names none")

    static let workerCount = Key.integer(
        "workers.count", default: 0, in: 0...256,
        "faces that are computed at once; 0 for one a core")
    static let workerThreads = Key.integer(
        "workers.threads", default: 0, in: 0...256,
        "threads that one face is computed on; 0 to share the cores out among the workers")
    static let maxQueueDepth = Key.integer(
        "queue.maxDepth", default: 256, in: 0...100_000,
        "requests that may wait while all workers are busy; more are answered with 503")
    static let maxBatchSize = Key.integer(
        "batch.maxSize", default: 1, in: 1...64,
        "waiting requests that a free worker takes at once")

    static let logLevel = ConfigurationKey<Logger.Level>(
        name: "log.level", type: "word", defaultText: "info",
        allowed: "one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "),
        summary: "least severity that is logged; the access log is at info",
        parse: { Logger.Level(rawValue: $0) }
    )
    static let shutdownGrace = Key.duration(
        "shutdown.grace", default: "30s", in: .zero...(.seconds(3600)),
        "time that requests in progress have to finish after SIGTERM")

    static let all: [any AnyConfigurationKey] = [
        host, port, maxConnections,
        modelPath, modelName, defaultTruncation,
        workerCount, workerThreads, maxQueueDepth, maxBatchSize,
        logLevel, shutdownGrace,
    ]
}
