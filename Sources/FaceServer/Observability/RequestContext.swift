// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP
import Synchronization

/// Who asks, and under which names: what the log, the rate limit and the response say of one request. Made by
/// `RequestContextMiddleware`, the outermost, and found by everything within through `current`.
///
/// Its lock is `key`: the name of the API key is known only once the request has been let in.
final class RequestContext: Sendable {
    /// The context of the request that this task answers.
    @TaskLocal static var current: RequestContext?

    /// The client's `X-Request-Id` where it was well-formed, else one of our own.
    let requestID: String
    let trace: TraceContext?
    /// The client's numeric address, or "unknown" for a request that no connection delivered.
    let address: String
    private let key = Mutex<String?>(nil)

    init(requestID: String, trace: TraceContext? = nil, address: String = "unknown") {
        self.requestID = requestID
        self.trace = trace
        self.address = address
    }

    /// The context of a request.
    ///
    /// - Parameter makeID: makes the identifier of a request that brought none
    convenience init(of request: HTTPRequest, makeID: () -> String) {
        let traces = request.headers.values(for: "traceparent")
        self.init(
            requestID: RequestID.given(with: request) ?? makeID(),
            // W3C Trace Context section 3.2: one field, or the trace starts anew.
            trace: traces.count == 1 ? TraceContext(traceparent: traces[0]) : nil,
            address: Self.address(of: request))
    }

    /// The name of the API key that let the request in, if one did.
    var keyName: String? {
        get { key.withLock { $0 } }
        set { key.withLock { $0 = newValue } }
    }

    /// Whom the rate limit charges.
    var client: ClientIdentity {
        keyName.map { .key($0) } ?? .network(ClientIdentity.network(of: address))
    }

    /// The client of a request. The one place that decides which address counts.
    static func address(of request: HTTPRequest) -> String {
        request.clientAddress?.description ?? request.remoteAddress?.host ?? "unknown"
    }
}

extension RequestContext {
    /// Adds the identifiers of the current request to every line that is logged while it is answered.
    static let metadataProvider = Logger.MetadataProvider {
        guard let context = current else {
            return [:]
        }
        var metadata: Logger.Metadata = ["request_id": "\(context.requestID)"]
        if let trace = context.trace {
            metadata["trace_id"] = "\(trace.traceID)"
            metadata["parent_id"] = "\(trace.parentID)"
        }
        return metadata
    }
}
