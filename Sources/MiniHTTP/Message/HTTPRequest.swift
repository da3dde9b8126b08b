// SPDX-License-Identifier: Apache-2.0

/// A complete request: its head, and its body as the framing delivered it.
public struct HTTPRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The request target as it stood in the request line.
    public var target: String
    /// The target's path: still percent-encoded, without the query; `*` for the asterisk form.
    public var path: String
    /// What follows the first `?` of the target, still percent-encoded; nil when there is no `?`.
    public var query: String?
    /// The version that the client spoke; later minor versions than 1.1 count as 1.1 (RFC 9110 section 2.5).
    public var version: HTTPVersion
    /// The fields of the header section. For an absolute-form target `Host` is the target's authority.
    public var headers: HTTPHeaders
    /// The body; empty when there was none.
    public var body: [UInt8]
    /// The fields after a chunked body, kept apart from `headers` (RFC 9110 section 6.5.1).
    public var trailers: HTTPHeaders
    /// The other end of the connection; nil in a request that no connection delivered.
    public var remoteAddress: SocketAddress?
    /// Where the request comes from: the other end of the connection, or what trusted proxies say (see
    /// `HTTPServer.Configuration.trustedProxies`); nil in a request that no connection delivered.
    public var clientAddress: IPAddress?
    /// The parameters of the route that matched, set by `Router`.
    public var parameters: RouteParameters
    /// The pattern of the route that matched, such as `/faces/{seed}.png`, set by `Router`. A label for metrics and
    /// logs, which must not hold raw paths.
    public var routePattern: String?

    /// Makes a request; the path and the query are cut from `target`.
    public init(
        method: HTTPMethod = .get,
        target: String = "/",
        version: HTTPVersion = .http11,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        remoteAddress: SocketAddress? = nil
    ) {
        self.method = method
        self.target = target
        let parts = target.utf8.split(separator: ASCII.question, maxSplits: 1, omittingEmptySubsequences: false)
        path = String(Substring(parts[0]))
        query = parts.count > 1 ? String(Substring(parts[1])) : nil
        self.version = version
        self.headers = headers
        self.body = body
        trailers = [:]
        self.remoteAddress = remoteAddress
        clientAddress = nil
        parameters = RouteParameters()
        routePattern = nil
    }

    /// The query as `application/x-www-form-urlencoded` pairs: percent-decoded, `+` is a space, order and repeats
    /// kept. A name without `=` has an empty value; empty pairs (`a=1&&b=2`) are skipped.
    ///
    /// Throws an `HTTPError` 400 that names the first bad escape.
    public func queryItems() throws -> [(name: String, value: String)] {
        guard let query else { return [] }
        do {
            return try query.utf8.split(separator: UInt8(ascii: "&")).map { pair in
                let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
                return (
                    name: try PercentEncoding.decode(parts[0], plusIsSpace: true),
                    value: parts.count > 1 ? try PercentEncoding.decode(parts[1], plusIsSpace: true) : ""
                )
            }
        } catch let error as PercentEncoding.DecodingError {
            throw HTTPError(.badRequest, detail: "query: \(error.detail)")
        }
    }

    /// Whether the client keeps the connection for another request: the default of HTTP/1.1 unless it says `close`,
    /// in HTTP/1.0 only when it says `keep-alive` (RFC 9112 section 9.3).
    var wantsKeepAlive: Bool {
        if headers.containsToken("close", in: "Connection") { return false }
        return version >= .http11 || headers.containsToken("keep-alive", in: "Connection")
    }
}
