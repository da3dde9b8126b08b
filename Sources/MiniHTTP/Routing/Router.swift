// SPDX-License-Identifier: Apache-2.0

/// Picks the handler by path and method, and runs the middleware around it.
///
/// HEAD is answered by GET's handler unless it has its own; OPTIONS and `OPTIONS *` are answered 204 with `Allow`. An
/// unknown path is 404, a method that the path lacks 405 with `Allow`, a method that HTTP lacks 501.
public struct Router: HTTPHandler {
    /// What answers the requests of a route.
    public typealias Endpoint = @Sendable (HTTPRequest) async throws -> HTTPResponse

    private struct Route: Sendable {
        let pattern: RoutePattern
        var endpoints: [(method: HTTPMethod, endpoint: Endpoint)]
    }

    private let middleware: [any Middleware]
    /// More specific patterns first.
    private var routes: [Route] = []
    /// The routes that may match a path, in their order, by the path's first segment.
    private var candidates: [String: [Int]] = [:]
    /// Those for a first segment that no pattern names.
    private var otherCandidates: [Int] = []

    /// What was added: each method and pattern.
    public var endpoints: [(method: HTTPMethod, pattern: String)] {
        routes.flatMap { route in route.endpoints.map { ($0.method, route.pattern.text) } }
    }

    /// Makes a router without routes. The first middleware is the outermost.
    public init(middleware: [any Middleware] = []) {
        self.middleware = middleware
    }

    /// Adds a route, or replaces the one with this method and pattern.
    ///
    /// - pattern: `/faces/{seed}.png`: literal text and at most one `{parameter}` a segment. A parameter never spans
    ///   `/`, and may match the empty text. Of two patterns that match, the one with more literal text wins.
    public mutating func on(_ method: HTTPMethod, _ pattern: String, _ handler: @escaping Endpoint) {
        let pattern = RoutePattern(pattern)
        let index: Int
        if let existing = routes.firstIndex(where: { $0.pattern == pattern }) {
            index = existing
        } else {
            index = routes.firstIndex { pattern.isMoreSpecific(than: $0.pattern) } ?? routes.endIndex
            routes.insert(Route(pattern: pattern, endpoints: []), at: index)
        }
        routes[index].endpoints.removeAll { $0.method == method }
        routes[index].endpoints.append((method, handler))
        let beginnings = routes.map(\.pattern.firstLiteral)
        otherCandidates = beginnings.indices.filter { beginnings[$0] == nil }
        for literal in Set(beginnings.compactMap(\.self)) {
            candidates[literal] = beginnings.indices.filter { beginnings[$0] == nil || beginnings[$0] == literal }
        }
    }

    /// Adds a route for GET, and so for HEAD.
    public mutating func get(_ pattern: String, _ handler: @escaping Endpoint) {
        on(.get, pattern, handler)
    }

    /// Adds a route for POST.
    public mutating func post(_ pattern: String, _ handler: @escaping Endpoint) {
        on(.post, pattern, handler)
    }

    /// Routes, then runs the middleware and the handler. Throws only what they throw and is no `HTTPError`.
    public func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        let endpoint = route(&request)
        return try await MiddlewareChain(middleware: middleware[...], endpoint: endpoint).handle(request)
    }

    /// Sets the route's pattern and parameters on the request. What cannot be routed gets an endpoint that says why.
    private func route(_ request: inout HTTPRequest) -> Endpoint {
        guard HTTPMethod.known.contains(request.method) else {
            let error = HTTPError(.notImplemented, detail: "The method '\(request.method)' is not implemented.")
            return { _ in throw error }
        }
        if request.path == "*" {
            return Self.optionsEndpoint(allow: Self.allow(routes))
        }
        let path: RequestPath
        do {
            path = try RequestPath(request.path)
        } catch {
            return { _ in throw error }
        }
        let candidates = path.segments.first.flatMap { self.candidates[$0] } ?? otherCandidates
        for method in request.method == .head ? [.head, .get] : [request.method] {
            for index in candidates {
                let route = routes[index]
                guard let match = route.endpoints.first(where: { $0.method == method }),
                    let parameters = route.pattern.match(path)
                else { continue }
                request.routePattern = route.pattern.text
                request.parameters = parameters
                return match.endpoint
            }
        }
        let matches = candidates.compactMap { index in routes[index].pattern.match(path).map { (routes[index], $0) } }
        guard let first = matches.first else {
            let error = HTTPError(.notFound, detail: "There is nothing at '\(request.path)'.")
            return { _ in throw error }
        }
        request.routePattern = first.0.pattern.text
        request.parameters = first.1
        let allow = Self.allow(matches.map(\.0))
        if request.method == .options {
            return Self.optionsEndpoint(allow: allow)
        }
        // RFC 9110 section 15.5.6: 405 names the methods that there are.
        let error = HTTPError(
            .methodNotAllowed, detail: "'\(request.path)' does not support \(request.method), only \(allow).",
            headers: ["Allow": allow])
        return { _ in throw error }
    }

    /// RFC 9110 section 9.3.7.
    private static func optionsEndpoint(allow: String) -> Endpoint {
        { _ in HTTPResponse(status: .noContent, headers: ["Allow": allow]) }
    }

    private static func allow(_ routes: [Route]) -> String {
        var methods = Set(routes.flatMap { $0.endpoints.map(\.method) })
        if methods.contains(.get) {
            methods.insert(.head)
        }
        methods.insert(.options)
        return methods.map(\.rawValue).sorted().joined(separator: ", ")
    }
}
