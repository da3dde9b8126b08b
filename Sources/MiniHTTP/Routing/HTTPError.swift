// SPDX-License-Identifier: Apache-2.0

/// An error that the client is told about, as problem details (RFC 9457).
public struct HTTPError: Error, Sendable {
    /// The status of the response.
    public var status: HTTPStatus
    /// A short summary that is the same for every occurrence; the status's reason phrase when nil.
    public var title: String?
    /// What went wrong this time, for a human.
    public var detail: String
    /// More fields for the response, such as `Allow` or `Retry-After`.
    public var headers: HTTPHeaders
    /// Extension members (RFC 9457 section 3.2), in order.
    public var members: [(name: String, value: Member)]

    /// Makes an error.
    public init(
        _ status: HTTPStatus,
        title: String? = nil,
        detail: String,
        headers: HTTPHeaders = [:],
        members: KeyValuePairs<String, Member> = [:]
    ) {
        self.status = status
        self.title = title
        self.detail = detail
        self.headers = headers
        self.members = members.map { ($0.key, $0.value) }
    }

    /// The error as an `application/problem+json` response, which no cache keeps.
    public func response() -> HTTPResponse {
        // RFC 9457 section 4.2.1: with 'about:blank' the title is the status's phrase, unless the error has its own.
        let standard: [(name: String, value: Member)] = [
            ("type", "about:blank"),
            ("title", .string(title ?? status.reasonPhrase)),
            ("status", .int(status.code)),
            ("detail", .string(detail)),
        ]
        let body = Member.renderObject(standard + members)
        var fields: HTTPHeaders = ["Content-Type": "application/problem+json", "Cache-Control": "no-store"]
        for (name, value) in headers {
            fields.add(name, value)
        }
        return HTTPResponse(status: status, headers: fields, body: Array(body.utf8))
    }
}
