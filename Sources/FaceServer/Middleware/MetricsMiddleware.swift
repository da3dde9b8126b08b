// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Counts and times every request that reached the router.
struct MetricsMiddleware: Middleware {
    let metrics: ServerMetrics
    /// The clock that durations are measured with.
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let began = now()
        var status = 500
        metrics.requestBegan()
        defer {
            metrics.requestEnded(route: request.routePattern, status: status, duration: now() - began)
        }
        do {
            let response = try await next.handle(request)
            status = response.status.code
            return response
        } catch is CancellationError {
            status = AccessLogMiddleware.clientClosedRequest
            throw CancellationError()
        }
    }
}
