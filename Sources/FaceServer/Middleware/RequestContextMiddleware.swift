// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Gives every request its context and every response its `X-Request-Id`. The outermost middleware.
struct RequestContextMiddleware: Middleware {
    static let requestIDField = "X-Request-Id"

    /// Makes the identifier of a request that brought none.
    var makeID: @Sendable () -> String = { RequestID.next() }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let given = request.headers.values(for: Self.requestIDField)
        let traces = request.headers.values(for: "traceparent")
        let context = RequestContext(
            requestID: given.count == 1 && RequestID.isWellFormed(given[0]) ? given[0] : makeID(),
            // W3C Trace Context section 3.2: one field, or the trace starts anew.
            trace: traces.count == 1 ? TraceContext(traceparent: traces[0]) : nil,
            address: RequestContext.address(of: request)
        )
        return try await RequestContext.$current.withValue(context) {
            var response = try await next.handle(request)
            response.headers[Self.requestIDField] = context.requestID
            return response
        }
    }
}
