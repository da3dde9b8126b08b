// SPDX-License-Identifier: Apache-2.0

/// The middleware that is still to run, and the handler at its end.
struct MiddlewareChain: HTTPHandler {
    let middleware: ArraySlice<any Middleware>
    let endpoint: @Sendable (HTTPRequest) async throws -> HTTPResponse

    func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        do {
            guard let first = middleware.first else { return try await endpoint(request) }
            let next = MiddlewareChain(middleware: middleware.dropFirst(), endpoint: endpoint)
            return try await first.handle(request, next: next)
        } catch let error as HTTPError {
            return error.response()
        }
    }
}
