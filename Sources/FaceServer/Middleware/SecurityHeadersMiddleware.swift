// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Keeps browsers from guessing content types, on every response that a route gave.
struct SecurityHeadersMiddleware: Middleware {
    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        var response = try await next.handle(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    }
}
