// SPDX-License-Identifier: Apache-2.0

/// A response. The connection adds the framing and the `Date`; a body set on a response to HEAD is counted
/// for `Content-Length` and not sent.
public struct HTTPResponse: Sendable, Equatable {
    /// The status.
    public var status: HTTPStatus
    /// The fields. `Connection: close` closes the connection after this response; the other framing fields
    /// (`Content-Length`, `Transfer-Encoding`) are the connection's to set.
    public var headers: HTTPHeaders
    /// The body. It is sent from where it is, without a copy, so a cached body may be handed out any number of times.
    public var body: [UInt8]
    /// A body that is made while it is sent, in place of `body` (default nil). A client of HTTP/1.1 gets it chunked, one
    /// of HTTP/1.0 up to the end of the connection.
    public var stream: HTTPBodyStream?

    /// Makes a response.
    public init(
        status: HTTPStatus = .ok, headers: HTTPHeaders = [:], body: [UInt8] = [], stream: HTTPBodyStream? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.stream = stream
    }

    /// A `text/plain` response.
    public static func text(
        _ text: String, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        typed("text/plain; charset=utf-8", text, status, headers)
    }

    /// An `application/json` response of JSON text that the caller has rendered.
    public static func json(
        _ text: String, status: HTTPStatus = .ok, headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        typed("application/json", text, status, headers)
    }

    private static func typed(
        _ type: String, _ text: String, _ status: HTTPStatus, _ headers: HTTPHeaders
    ) -> HTTPResponse {
        var headers = headers
        if !headers.contains("Content-Type") {
            headers.add("Content-Type", type)
        }
        return HTTPResponse(status: status, headers: headers, body: Array(text.utf8))
    }
}
