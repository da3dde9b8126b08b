// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials

/// The flags that stand for configuration keys.
///
/// They are text here, so that a bad value gets the same message whether it came by flag, environment or file.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .customLong("config"),
        help: ArgumentHelp("Configuration file in YAML.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var file: String?

    @Option(help: ArgumentHelp("Address to listen on (http.host).", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Port to listen on (http.port).", valueName: "number"))
    var port: String?

    @Option(help: ArgumentHelp("Checkpoint to serve (model.path).", valueName: "file"), completion: .file())
    var model: String?

    @Option(help: ArgumentHelp("Name of the model (model.name).", valueName: "text"))
    var modelName: String?

    @Option(
        name: .customLong("sha256"),
        help: ArgumentHelp("What the SHA-256 of the checkpoint has to be (model.sha256).", valueName: "digits"))
    var modelSHA256: String?

    @Option(help: ArgumentHelp("Truncation of a request that names none (truncation.default).", valueName: "number"))
    var truncation: String?

    @Option(help: ArgumentHelp("Faces computed at once (workers.count).", valueName: "number"))
    var workers: String?

    @Option(help: ArgumentHelp("Threads that busy workers share (workers.threads).", valueName: "number"))
    var threads: String?

    @Option(help: ArgumentHelp("Requests that may wait (queue.maxDepth).", valueName: "number"))
    var queueDepth: String?

    @Option(help: ArgumentHelp("Least severity to log (log.level).", valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp("Form of the log's lines: text or json (log.format).", valueName: "format"))
    var logFormat: String?

    /// The values that were given, by configuration key.
    private var flags: [String: String] {
        let flags = [
            ConfigurationKeys.host.name: host,
            ConfigurationKeys.port.name: port,
            ConfigurationKeys.modelPath.name: model,
            ConfigurationKeys.modelName.name: modelName,
            ConfigurationKeys.modelSHA256.name: modelSHA256,
            ConfigurationKeys.defaultTruncation.name: truncation,
            ConfigurationKeys.workerCount.name: workers,
            ConfigurationKeys.workerThreads.name: threads,
            ConfigurationKeys.maxQueueDepth.name: queueDepth,
            ConfigurationKeys.logLevel.name: logLevel,
            ConfigurationKeys.logFormat.name: logFormat,
        ]
        return flags.compactMapValues { $0 }
    }

    /// Every value, with its origin.
    func values() async throws -> ConfigurationValues {
        try await .read(flags: flags, file: file, environment: ProcessInfo.processInfo.environment)
    }

    /// The effective configuration.
    func load() async throws -> ServerConfiguration {
        try ServerConfiguration(await values())
    }
}
