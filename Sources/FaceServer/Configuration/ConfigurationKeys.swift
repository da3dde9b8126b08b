// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP

/// Every key there is. `config/faceserver.yaml` lists the same, in the same order; a test compares the two.
enum ConfigurationKeys {
    private typealias Key = ConfigurationKey<String>
    private static let http = HTTPServer.Configuration()

    static let host = Key.text(
        "http.host", default: "127.0.0.1", allowed: "an address or a host name",
        "address to listen on; 0.0.0.0 or :: for all")
    static let port = Key.integer(
        "http.port", default: 8080, in: 0...65535,
        "TCP port to listen on; 0 lets the system choose one")
    static let maxConnections = Key.integer(
        "http.maxConnections", default: http.maxConnections, in: 1...1_000_000,
        "connections that may be open at once; one more closes the longest idle, or is answered with 503")
    static let maxConnectionsPerAddress = Key.integer(
        "http.maxConnectionsPerAddress", default: http.maxConnectionsPerAddress ?? 0, in: 0...1_000_000,
        "connections of one IPv4 address or IPv6 /64, trusted proxies apart; 0 for no bound")
    static let trustedProxies = ConfigurationKey<IPNetwork>.list(
        "http.trustedProxies", allowed: "a list of addresses and networks such as 10.0.0.0/8 and 2001:db8::/32",
        "proxies whose X-Forwarded-For and Forwarded are believed, as addresses and networks",
        parse: { IPNetwork($0) })
    static let maxRequestLineBytes = Key.integer(
        "http.maxRequestLineBytes", default: http.limits.maxRequestLineBytes, in: 64...1_048_576,
        "bytes of method and URL; more are answered with 414")
    static let maxHeaderBytes = Key.integer(
        "http.maxHeaderBytes", default: http.limits.maxHeaderBytes, in: 256...16_777_216,
        "bytes of all header fields; more are answered with 431")
    static let maxHeaderCount = Key.integer(
        "http.maxHeaderCount", default: http.limits.maxHeaderCount, in: 1...10_000,
        "header fields; more are answered with 431")
    static let maxBodyBytes = Key.integer(
        "http.maxBodyBytes", default: http.limits.maxBodyBytes, in: 0...1_073_741_824,
        "bytes of a request's body; more are answered with 413")
    static let maxPipelinedRequests = Key.integer(
        "http.maxPipelinedRequests", default: http.maxPipelinedRequests, in: 1...1000,
        "requests of one connection that are read before the first is answered")
    static let maxWriteBufferBytes = Key.integer(
        "http.maxWriteBufferBytes", default: http.maxWriteBufferBytes, in: 1024...1_073_741_824,
        "bytes that wait for a slow reader before no further request of its is begun")
    static let headerTimeout = Key.duration(
        "http.headerTimeout", default: DurationText.format(http.timeouts.header),
        in: .milliseconds(1)...(.seconds(3600)),
        "time that a client has to send a request's header fields")
    static let bodyTimeout = Key.duration(
        "http.bodyTimeout", default: DurationText.format(http.timeouts.body),
        in: .milliseconds(1)...(.seconds(3600)),
        "time that a client has to send a request's body")
    static let idleTimeout = Key.duration(
        "http.idleTimeout", default: DurationText.format(http.timeouts.idle),
        in: .milliseconds(1)...(.seconds(86400)),
        "time that a connection stays open between requests")
    static let writeTimeout = Key.duration(
        "http.writeTimeout", default: DurationText.format(http.timeouts.write),
        in: .milliseconds(1)...(.seconds(3600)),
        "time that a client has to take the next 64 KiB of a response")

    static let modelPath = Key.text(
        "model.path", default: "", allowed: "a file's path",
        "checkpoint to serve; empty for the one that comes with the program")
    static let modelName = Key.text(
        "model.name", default: "", allowed: "text",
        "name that the model goes by; empty for its own")
    static let modelSHA256 = ConfigurationKey<String>(
        name: "model.sha256", type: "text", defaultText: "", allowed: "64 hexadecimal digits",
        summary: "what the checkpoint's SHA-256 has to be; empty for anything",
        parse: { $0.isEmpty ? $0 : ModelDeclaration.sha256($0) })
    static let modelDirections = Key.list(
        "model.directions", allowed: DirectionDeclaration.allowed,
        "files of directions for edit=NAME:DISTANCE, as NAME=FILE, or NAME=z:FILE for directions of z",
        parse: { DirectionDeclaration($0) })
    static let defaultModel = Key.text(
        "model.default", default: "", allowed: "a model's name",
        "which of several models answers where a URL names none")
    static let defaultTruncation = Key.decimal(
        "truncation.default", default: "0.7", in: FaceParameters.truncationBounds,
        "truncation of a request that names none")

    static let workerCount = Key.integer(
        "workers.count", default: 0, in: 0...256,
        "faces that are computed at once; 0 for one a core")
    static let workerThreads = Key.integer(
        "workers.threads", default: 0, in: 0...256,
        "threads that busy workers share, a lone face getting all; 0 for one a core")
    static let maxQueueDepth = Key.integer(
        "queue.maxDepth", default: 256, in: 0...100_000,
        "requests that may wait while all workers are busy; more are answered with 503")
    static let maxQueueDelay = Key.duration(
        "queue.maxDelay", default: "2s", in: .zero...(.seconds(3600)),
        "time that a bulk request gives way to interactive ones; 0 for no priorities")
    static let timeout = Key.duration(
        "queue.timeout", default: "30s", in: RequestTerms.Bounds.shortestTimeout...(.seconds(3600)),
        "time after which a request that names none is answered with 504")
    static let maxTimeout = Key.duration(
        "queue.maxTimeout", default: "2m", in: RequestTerms.Bounds.shortestTimeout...(.seconds(3600)),
        "longest timeout that a request may name")
    static let maxBatchSize = Key.integer(
        "batch.maxSize", default: 4, in: 1...8,
        "waiting requests of one model and size that a free worker takes at once")
    static let maxCacheBytes = Key.integer(
        "cache.maxBytes", default: 134_217_728, in: 0...1_099_511_627_776,
        "bytes of finished faces that are kept in memory; 0 for none")
    static let cacheDirectory = Key.text(
        "cache.directory", default: "", allowed: "a folder's path",
        "folder in which finished faces are kept, and which other servers may share; empty for none")
    static let maxDiskCacheBytes = Key.integer(
        "cache.maxDiskBytes", default: 1_073_741_824, in: 1_048_576...1_125_899_906_842_624,
        "bytes that the folder may take")
    static let maxCells = Key.integer(
        "composite.maxCells", default: CompositeLimits().maxCells, in: 1...10_000,
        "faces that a grid may have; more are answered with 400")
    static let maxPixels = Key.integer(
        "composite.maxPixels", default: CompositeLimits().maxPixels, in: 65536...1_073_741_824,
        "pixels that a grid may have; more are answered with 400")
    static let maxFrames = Key.integer(
        "composite.maxFrames", default: CompositeLimits().maxFrames, in: 2...10_000,
        "pictures that an animation may have; more are answered with 400")

    static let accessKeys = Key.list(
        "access.keys", allowed: APIKey.allowed, isSecret: true,
        "API keys; with any, all but the probes needs one; 'faceserver key' makes entries",
        parse: { APIKey(entry: $0) })
    static let signingKeys = Key.list(
        "access.signingKeys", allowed: URLSigningKey.allowed, isSecret: true,
        "keys of signed URLs, the first signs and all are good; 'faceserver key --signing' makes entries",
        parse: { URLSigningKey(entry: $0) })
    static let allowOrigins = Key.list(
        "cors.allowOrigins", allowed: CORSPolicy.allowed,
        "origins whose pages may read faces by script or canvas; * for all",
        parse: { CORSPolicy.origin($0) })
    static let resourcePolicy = Key.word(
        "headers.resourcePolicy", default: SecurityHeadersMiddleware.ResourcePolicy.crossOrigin,
        "whose pages may show faces: cross-origin for all, same-site or same-origin")
    static let robots = ConfigurationKey<String>(
        name: "headers.robots", type: "text", defaultText: "",
        allowed: "directives such as noindex, nofollow",
        summary: "what X-Robots-Tag tells search engines; empty for nothing",
        parse: { SecurityHeadersMiddleware.isRobotsTag($0) ? $0 : nil })
    static let requestsPerSecond = ConfigurationKey<FixedDecimal>(
        name: "rateLimit.requestsPerSecond", type: "decimal", defaultText: "0",
        allowed: "0 or a decimal number from 0.001 to 1000000",
        summary: "new faces a second that a client may have over time; more are answered with 429; 0 for no limit",
        parse: { text in
            // From the smallest rate and the largest burst comes a time that can still be reckoned with.
            let bounds = FixedDecimal(millionths: 1000)...FixedDecimal(millionths: 1_000_000_000_000)
            return FixedDecimal(text).flatMap { $0.millionths == 0 || bounds.contains($0) ? $0 : nil }
        })
    static let burst = Key.integer(
        "rateLimit.burst", default: 60, in: 1...1_000_000,
        "new faces that a client may have at once; the page shows 60")
    static let maxClients = Key.integer(
        "rateLimit.maxClients", default: 100_000, in: 1...10_000_000,
        "clients whose rate is remembered; some 100 bytes each")
    static let metricsAreOpen = Key.boolean(
        "metrics.open", default: false,
        "whether /metrics needs no API key where all else does")
    static let metricsEnabled = Key.boolean(
        "metrics.enabled", default: true,
        "whether /metrics is there for Prometheus; a proxy before the server should not pass it on")
    static let logLevel = Key.word(
        "log.level", default: Logger.Level.info, "least severity that is logged; the access log is at info")
    static let logFormat = Key.word(
        "log.format", default: LogFormat.text, "form of the lines on standard error: text for people, json for programs"
    )
    static let shutdownGrace = Key.duration(
        "shutdown.grace", default: "30s", in: .zero...(.seconds(3600)),
        "time that requests in progress have to finish after SIGTERM")

    static let all: [any AnyConfigurationKey] = [
        host, port, maxConnections, maxConnectionsPerAddress, trustedProxies,
        maxRequestLineBytes, maxHeaderBytes, maxHeaderCount, maxBodyBytes,
        maxPipelinedRequests, maxWriteBufferBytes,
        headerTimeout, bodyTimeout, idleTimeout, writeTimeout,
        modelPath, modelName, modelSHA256, modelDirections, defaultModel, defaultTruncation,
        workerCount, workerThreads,
        maxQueueDepth, maxQueueDelay, timeout, maxTimeout, maxBatchSize,
        maxCacheBytes, cacheDirectory, maxDiskCacheBytes,
        maxCells, maxPixels, maxFrames,
        accessKeys, signingKeys, allowOrigins, resourcePolicy, robots, requestsPerSecond, burst, maxClients,
        metricsEnabled, metricsAreOpen, logLevel, logFormat, shutdownGrace,
    ]
}
