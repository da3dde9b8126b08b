// SPDX-License-Identifier: Apache-2.0

/// Work around every request: logging, metrics, limits.
public protocol Middleware: Sendable {
    /// Answers the request, usually by passing it to `next` and looking at what comes back.
    ///
    /// Runs after routing, so `request.routePattern` and `request.parameters` are set. `next` returns the response of
    /// a thrown `HTTPError` (404 and 405 of the router included) and throws only unforeseen errors.
    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse
}
