// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP

/// What the access log tells of a request. `RequestContext.metadataProvider` adds the request's and the trace's
/// identifiers.
///
/// The path is without its query, which may hold what does not belong in a log, such as the signature of a signed URL.
struct AccessLogEntry: Sendable, Equatable {
    static let level = Logger.Level.info

    var method: String
    /// The pattern of the route; nil where none matched.
    var route: String?
    /// As it came: percent-encoded.
    var path: String
    var status = 500
    /// Of the response's body, as far as it is sent.
    var bytes = 0
    var duration = Duration.zero
    /// The client's address.
    var client: String
    /// The name of the API key that let the request in.
    var key: String?

    /// What writes entries; nil for a logger that drops them, so that nobody makes any.
    static func writer(to logger: Logger) -> (@Sendable (AccessLogEntry) -> Void)? {
        guard logger.logLevel <= level else { return nil }
        return { $0.write(to: logger) }
    }

    func write(to logger: Logger) {
        var metadata: Logger.Metadata = [
            "method": "\(method)", "path": "\(path)", "client": "\(client)",
            "status": .stringConvertible(status), "bytes": .stringConvertible(bytes),
            "duration_ms": .stringConvertible(FixedDecimal(milliseconds: duration)),
        ]
        if let route {
            metadata["route"] = "\(route)"
        }
        if let key {
            metadata["key"] = "\(key)"
        }
        logger.log(level: Self.level, "request", metadata: metadata)
    }
}

extension AccessLogEntry {
    /// What never reached the router. Method and path are `-` where they could not be read.
    init(_ refusal: HTTPRefusal) {
        self.init(
            method: refusal.request?.method.rawValue ?? "-", path: refusal.request?.path ?? "-",
            status: refusal.status.code, bytes: refusal.bytes, client: refusal.client?.description ?? "unknown")
    }
}
