// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP

/// One line at info for each request that reached the router.
///
/// The path is logged without its query, which may later hold signatures.
struct AccessLogMiddleware: Middleware {
    let logger: Logger
    /// The clock that durations are measured with.
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let began = now()
        do {
            let response = try await next.handle(request)
            log(request, status: response.status.code, bytes: response.body.count, since: began)
            return response
        } catch {
            // 499 is nginx's number for a client that did not wait for the answer.
            log(request, status: error is CancellationError ? 499 : 500, bytes: 0, since: began)
            throw error
        }
    }

    private func log(_ request: HTTPRequest, status: Int, bytes: Int, since began: ContinuousClock.Instant) {
        let milliseconds = Int((now() - began) / .milliseconds(1))
        logger.info(
            "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.path)", "status": "\(status)",
                "bytes": "\(bytes)", "ms": "\(milliseconds)",
            ]
        )
    }
}
