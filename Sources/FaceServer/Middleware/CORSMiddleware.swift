// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Answers preflight requests and marks responses that pages of other origins may read. Without the access check, since
/// browsers send no credentials with a preflight.
struct CORSMiddleware: Middleware {
    /// What a page may send beside the fields that need no leave.
    private static let requestFields =
        "Authorization, If-None-Match, Request-Timeout, Traceparent, X-Request-Id"
    /// What a page may read beside the fields that need no leave.
    private static let responseFields =
        "Content-Location, ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Request-Id"

    let policy: CORSPolicy

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        // What is not for everyone is for no page either.
        guard !policy.isOff, AccessScope.required(route: request.routePattern) == .faces else {
            return try await next.handle(request)
        }
        let allowOrigin = request.headers["Origin"].flatMap(policy.allowOrigin)
        var response: HTTPResponse
        if request.method == .options, let allowOrigin, request.headers.contains("Access-Control-Request-Method") {
            response = HTTPResponse(
                status: .noContent,
                headers: [
                    "Access-Control-Allow-Origin": allowOrigin,
                    "Access-Control-Allow-Methods": "GET, HEAD",
                    "Access-Control-Allow-Headers": Self.requestFields,
                    "Access-Control-Max-Age": "86400",
                ])
        } else {
            response = try await next.handle(request)
            if let allowOrigin {
                response.headers["Access-Control-Allow-Origin"] = allowOrigin
                response.headers["Access-Control-Expose-Headers"] = Self.responseFields
                response.headers["Timing-Allow-Origin"] = allowOrigin
            }
        }
        if policy.variesByOrigin {
            // RFC 9110 section 12.5.5. On answers without the other fields too, or a cache gives those to a page that
            // may read.
            response.headers.add("Vary", "Origin")
        }
        return response
    }
}
