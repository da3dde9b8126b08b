// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Gives every request its context and every response its `X-Request-Id`. The outermost middleware.
struct RequestContextMiddleware: Middleware {
    /// Makes the identifier of a request that brought none.
    var makeID: @Sendable () -> String = { RequestID.next() }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let context = RequestContext(of: request, makeID: makeID)
        return try await RequestContext.$current.withValue(context) {
            var response = try await next.handle(request)
            response.headers[RequestID.field] = context.requestID
            return response
        }
    }
}
