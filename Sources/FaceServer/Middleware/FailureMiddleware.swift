// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP

/// Turns an unforeseen error into a 500 that tells nothing, and tells the log. Within all other middleware, so that the
/// answer is counted, logged and marked as any other.
struct FailureMiddleware: Middleware {
    let logger: Logger

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        do {
            return try await next.handle(request)
        } catch {
            // The client has left; there is nobody to answer.
            if Task.isCancelled {
                throw CancellationError()
            }
            logger.error(
                "a request failed",
                metadata: ["method": "\(request.method)", "path": "\(request.path)", "error": "\(error)"])
            return HTTPError(.internalServerError, detail: "The server failed to answer this request.").response()
        }
    }
}
