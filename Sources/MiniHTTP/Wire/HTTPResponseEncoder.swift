// SPDX-License-Identifier: Apache-2.0

/// Renders response heads. The body is sent from its own array, never copied behind the head.
struct HTTPResponseEncoder: Sendable {
    /// Why a response is not sent as its handler made it.
    enum Failure: Error, Equatable {
        /// Not a final status: an interim one would desynchronise the client.
        case status(Int)
        /// A name that is not a token, or a value with CR, LF, NUL or another control character. The value is left
        /// out on purpose: it came from outside.
        case field(name: String)
    }

    /// What the request and the connection decide about the response.
    struct Context: Equatable, Sendable {
        var isHead = false
        var version = HTTPVersion.http11
        var keepsAlive = true
    }

    /// The value of `Server`; nil leaves the field out.
    let serverName: String?

    /// The bytes that leave the server for a response: its head, and its body unless the response has none.
    func encode(
        _ response: HTTPResponse, _ context: Context, date: String
    ) throws(Failure) -> (head: [UInt8], body: [UInt8]) {
        guard (200...599).contains(response.status.code) else { throw .status(response.status.code) }
        var head: [UInt8] = []
        head.reserveCapacity(512)
        // RFC 9112 section 4: the version is the server's own, whatever the client speaks.
        Self.append("HTTP/1.1 ", to: &head)
        Self.append(String(response.status.code), to: &head)
        head.append(ASCII.space)
        Self.append(response.status.reasonPhrase, to: &head)
        Self.append("\r\n", to: &head)
        Self.append("Date", response.headers["Date"] ?? date, to: &head)
        if let serverName, !response.headers.contains("Server") {
            Self.append("Server", serverName, to: &head)
        }
        try Self.append(response.headers, to: &head)
        if response.stream != nil, !response.status.forbidsContent {
            // RFC 9112 section 6.1: also in the response to HEAD, as GET would have it.
            if HTTPStreamFraming(version: context.version) == .chunked {
                Self.append("Transfer-Encoding", "chunked", to: &head)
            }
        } else if let length = contentLength(of: response, context) {
            Self.append("Content-Length", length, to: &head)
        }
        if !context.keepsAlive {
            Self.append("Connection", "close", to: &head)
        } else if context.version < .http11 {
            // RFC 9112 section 9.3: a 1.0 client must be told that the connection stays.
            Self.append("Connection", "keep-alive", to: &head)
        }
        Self.append("\r\n", to: &head)
        let sendsBody = !context.isHead && !response.status.forbidsContent && response.stream == nil
        return (head, sendsBody ? response.body : [])
    }

    /// The lines of fields, but for those that are the connection's to set.
    static func lines(of headers: HTTPHeaders) throws(Failure) -> [UInt8] {
        var lines: [UInt8] = []
        try append(headers, to: &lines)
        return lines
    }

    private static func append(_ headers: HTTPHeaders, to head: inout [UInt8]) throws(Failure) {
        if let rendered = headers.renderedFields {
            head.append(contentsOf: rendered.lines)
        }
        for field in headers.fields {
            guard !field.name.isEmpty, isMade(field.name, of: ASCII.isToken),
                isMade(field.value, of: ASCII.isFieldContent)
            else { throw .field(name: field.name) }
            if isConnectionField(field.name) { continue }
            append(field.name, field.value, to: &head)
        }
    }

    /// A piece of a body that is made while it is sent, behind and before what delimits it.
    static func piece(_ bytes: [UInt8], _ framing: HTTPStreamFraming) -> [[UInt8]] {
        // RFC 9112 section 7.1: a chunk of no bytes would be the last.
        if bytes.isEmpty { return [] }
        return switch framing {
        case .chunked: [Array("\(String(bytes.count, radix: 16))\r\n".utf8), bytes, Array("\r\n".utf8)]
        case .untilClose: [bytes]
        }
    }

    /// RFC 9112 section 7.1: the last chunk, and no trailers.
    static let lastChunk = Array("0\r\n\r\n".utf8)

    /// RFC 9110 section 15.2: an interim response, which has no fields that matter here.
    static func interim(_ status: HTTPStatus) -> [UInt8] {
        Array("HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n\r\n".utf8)
    }

    /// RFC 9110 section 8.6: never in 204; in 304 only what a 200 would have had, which is not known here. RFC 9110
    /// section 15.3.6: 205 has no content.
    private func contentLength(of response: HTTPResponse, _ context: Context) -> String? {
        if response.status.forbidsBody { return nil }
        if response.status.code == 205 { return "0" }
        if context.isHead, response.body.isEmpty, let length = response.headers["Content-Length"],
            !length.isEmpty, length.utf8.allSatisfy(ASCII.isDigit)
        {
            // A handler of HEAD that knows the length without making the body.
            return length
        }
        return String(response.body.count)
    }

    private static func isMade(_ text: String, of isAllowed: (UInt8) -> Bool) -> Bool {
        var text = text
        return text.withUTF8 { $0.allSatisfy(isAllowed) }
    }

    private static func isConnectionField(_ name: String) -> Bool {
        func isNamed(_ other: String) -> Bool { ASCII.equalIgnoringCase(name, other) }
        return switch name.utf8.count {
        case 4: isNamed("Date")
        case 10: isNamed("Connection") || isNamed("Keep-Alive")
        case 14: isNamed("Content-Length")
        case 17: isNamed("Transfer-Encoding")
        default: false
        }
    }

    private static func append(_ name: String, _ value: String, to head: inout [UInt8]) {
        append(name, to: &head)
        head.append(ASCII.colon)
        head.append(ASCII.space)
        append(value, to: &head)
        head.append(ASCII.carriageReturn)
        head.append(ASCII.lineFeed)
    }

    /// Byte by byte through the string's views costs many times as much.
    private static func append(_ text: String, to head: inout [UInt8]) {
        var text = text
        text.withUTF8 { head.append(contentsOf: $0) }
    }
}
