// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Tells browsers and robots, on every response that the router gave, what they may do with it.
struct SecurityHeadersMiddleware: Middleware {
    /// Who may embed what the server gives (Fetch standard, `Cross-Origin-Resource-Policy`).
    enum ResourcePolicy: String, CaseIterable, Sendable {
        case crossOrigin = "cross-origin"
        case sameSite = "same-site"
        case sameOrigin = "same-origin"
    }

    var resourcePolicy = ResourcePolicy.crossOrigin
    /// The value of `X-Robots-Tag`; empty for none.
    var robots = ""

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        var response = try await next.handle(request)
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cross-Origin-Resource-Policy"] = resourcePolicy.rawValue
        response.headers["Referrer-Policy"] = "no-referrer"
        if !robots.isEmpty {
            response.headers["X-Robots-Tag"] = robots
        }
        return response
    }

    /// Whether a text can be `X-Robots-Tag`: what directives are made of, and nothing that a field may not hold.
    static func isRobotsTag(_ text: String) -> Bool {
        text.utf8.count <= 256 && text.wholeMatch(of: #/[A-Za-z0-9 ,:;_+\-.]*/#) != nil
    }
}
