// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Tells every client of faces where it stands. What takes tokens is `RateLimiter.charge`, deep inside: only a face that
/// has to be computed costs one.
struct RateLimitMiddleware: Middleware {
    let limiter: RateLimiter

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        var response = try await next.handle(request)
        let isRedirect = (300...399).contains(response.status.code) && response.status != .notModified
        // Section 6 of the draft: a client might wait before it follows a redirect.
        guard let context = RequestContext.current, !isRedirect,
            AccessScope.required(route: request.routePattern) == .faces
        else {
            return response
        }
        response.headers["RateLimit-Policy"] = limiter.policyField
        response.headers["RateLimit"] = RateLimiter.limitField(limiter.standing(of: context.client))
        return response
    }
}
