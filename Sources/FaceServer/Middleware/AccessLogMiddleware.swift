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
        var entry = AccessLogEntry(
            method: request.method.rawValue, path: request.path, status: 500, bytes: 0, milliseconds: 0)
        defer {
            entry.milliseconds = Int((now() - began) / .milliseconds(1))
            write(entry)
        }
        do {
            let response = try await next.handle(request)
            entry.status = response.status.code
            entry.bytes = response.body.count
            return response
        } catch is CancellationError {
            entry.status = Self.clientClosedRequest
            throw CancellationError()
        }
    }
}
