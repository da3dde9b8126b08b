// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Counts and times every request that reached the router.
struct MetricsMiddleware: Middleware {
    let metrics: ServerMetrics
    /// The clock that durations are measured with.
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let began = now()
        metrics.requestBegan()
        let route = request.routePattern
        let end: @Sendable (Int) -> Void = { status in
            metrics.requestEnded(route: route, status: status, duration: now() - began)
        }
        do {
            var response = try await next.handle(request)
            let status = response.status.code
            if request.method != .head, let stream = response.stream {
                response.stream = stream.onEnd { _, outcome in end(AccessLogMiddleware.status(of: outcome) ?? status) }
            } else {
                end(status)
            }
            return response
        } catch {
            end(error is CancellationError ? AccessLogMiddleware.clientClosedRequest : 500)
            throw error
        }
    }
}
