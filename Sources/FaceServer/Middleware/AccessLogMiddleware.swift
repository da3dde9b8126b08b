// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// One log entry for each request that reached the router.
struct AccessLogMiddleware: Middleware {
    /// nginx's number for a client that did not wait for the answer. Nobody is sent it.
    static let clientClosedRequest = 499

    let write: @Sendable (AccessLogEntry) -> Void
    /// The clock that durations are measured with.
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let began = now()
        let context = RequestContext.current
        var entry = AccessLogEntry(
            method: request.method.rawValue, route: request.routePattern, path: request.path,
            client: context?.address ?? RequestContext.address(of: request))
        defer {
            entry.duration = now() - began
            entry.key = context?.keyName
            write(entry)
        }
        do {
            let response = try await next.handle(request)
            entry.status = response.status.code
            entry.bytes = request.method == .head ? 0 : response.body.count
            return response
        } catch is CancellationError {
            entry.status = Self.clientClosedRequest
            throw CancellationError()
        }
    }
}
