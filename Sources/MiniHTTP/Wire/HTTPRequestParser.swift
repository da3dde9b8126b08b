// SPDX-License-Identifier: Apache-2.0

/// Reads requests from the bytes of one connection, in pieces of any size. A pure value: it does no I/O and holds no
/// more than the limits allow. Each byte is looked at once.
///
/// After a throw the framing is lost, and the parser must not be used again.
struct HTTPRequestParser: Sendable {
    /// What the bytes completed.
    enum Event: Sendable {
        /// Everything was taken and more is needed.
        case needMoreData
        /// A header section whose body is still to come.
        case head(expectsContinue: Bool)
        /// A whole request. What follows it was left in the input.
        case complete(HTTPRequest)
    }

    /// How far the current message has come; the connection chooses its deadline by it.
    enum Stage: Equatable, Sendable {
        case idle
        case head
        case body
    }

    private enum State: Sendable {
        case requestLine
        case fields
        case lengthBody(remaining: Int)
        case chunkedBody
    }

    private let limits: HTTPLimits
    private var state = State.requestLine
    private(set) var line = HTTPLineBuffer()
    private var fields: HTTPFieldParser
    /// There while the body is chunked.
    private var decoder: ChunkedBodyDecoder?
    private var request = blankRequest
    private var authority: String?
    private var sawEmptyLine = false

    init(limits: HTTPLimits) {
        self.limits = limits
        fields = HTTPFieldParser(limits: limits)
    }

    var stage: Stage {
        switch state {
        case .requestLine: line.isEmpty ? .idle : .head
        case .fields: .head
        case .lengthBody, .chunkedBody: .body
        }
    }

    /// The request that has begun to come, as far as it is read, without its body; nil before the end of the request line.
    /// For after a throw, too.
    var begun: HTTPRequest? {
        if case .requestLine = state { return nil }
        var begun = request
        begun.body = []
        return begun
    }

    /// Takes bytes from the front of `input` up to the next event.
    mutating func next(_ input: inout Slice<UnsafeRawBufferPointer>) throws(HTTPParseError) -> Event {
        while true {
            switch state {
            case .requestLine:
                guard try readRequestLine(&input) else { return .needMoreData }
            case .fields:
                guard try fields.parse(&input, line: &line) else { return .needMoreData }
                return try finishHead()
            case .lengthBody(let remaining):
                let piece = input.prefix(remaining)
                request.body.append(contentsOf: piece)
                input = input.dropFirst(piece.count)
                if piece.count == remaining { return finishRequest() }
                state = .lengthBody(remaining: remaining - piece.count)
                return .needMoreData
            case .chunkedBody:
                guard try decoder?.decode(&input, into: &request.body) ?? true else { return .needMoreData }
                request.trailers = decoder?.trailers ?? [:]
                return finishRequest()
            }
        }
    }

    private mutating func readRequestLine(_ input: inout Slice<UnsafeRawBufferPointer>) throws(HTTPParseError) -> Bool {
        // Other protocols (a TLS hello) may never send a line feed; their first byte gives them away.
        if line.isEmpty, let first = input.first, !ASCII.isToken(first), first != ASCII.carriageReturn {
            throw HTTPParseError(.requestLine, "The request line does not start with a method.")
        }
        switch try line.fill(from: &input, limit: limits.maxRequestLineBytes) {
        case .needMoreData: return false
        case .tooLong:
            throw HTTPParseError(
                .requestLineTooLong, "The request line is longer than \(limits.maxRequestLineBytes) bytes.")
        case .complete: break
        }
        if line.bytes.isEmpty {
            // RFC 9112 section 2.2: at least one empty line before the request line is ignored; here, exactly one.
            guard !sawEmptyLine else {
                throw HTTPParseError(.requestLine, "There is more than one empty line before the request line.")
            }
            sawEmptyLine = true
            return true
        }
        try parseRequestLine(line.bytes)
        state = .fields
        return true
    }

    /// RFC 9112 section 3: method SP request-target SP HTTP-version, with exactly one space each.
    private mutating func parseRequestLine(_ line: [UInt8]) throws(HTTPParseError) {
        guard let first = line.firstIndex(of: ASCII.space), let last = line.lastIndex(of: ASCII.space),
            first > 0, first + 1 < last, line[..<first].allSatisfy(ASCII.isToken),
            !line[(first + 1)..<last].contains(ASCII.space)
        else {
            throw HTTPParseError(.requestLine, "The request line is not 'METHOD target HTTP/1.1'.")
        }
        let version = try Self.parseVersion(line[(last + 1)...])
        let method = HTTPMethod(rawValue: String(decoding: line[..<first], as: UTF8.self))
        let text = line[(first + 1)..<last]
        let target = try HTTPRequestTarget(text, method: method)
        request.method = method
        request.target = String(decoding: text, as: UTF8.self)
        request.path = target.path
        request.query = target.query
        request.version = version
        authority = target.authority
    }

    /// RFC 9112 section 2.3: HTTP-version = "HTTP" "/" DIGIT "." DIGIT, case-sensitive.
    private static func parseVersion(_ text: ArraySlice<UInt8>) throws(HTTPParseError) -> HTTPVersion {
        let start = text.startIndex
        guard text.count == 8, text.starts(with: "HTTP/".utf8), ASCII.isDigit(text[start + 5]),
            text[start + 6] == UInt8(ascii: "."), ASCII.isDigit(text[start + 7])
        else {
            throw HTTPParseError(.requestLine, "The request line does not end in an HTTP version.")
        }
        guard text[start + 5] == UInt8(ascii: "1") else {
            throw HTTPParseError(.version, "The versions that are spoken here are HTTP/1.1 and HTTP/1.0.")
        }
        // RFC 9110 section 2.5: a message of a higher minor version is processed as the highest that is known.
        return text[start + 7] == UInt8(ascii: "0") ? .http10 : .http11
    }

    /// Checks the header section as a whole.
    private mutating func finishHead() throws(HTTPParseError) -> Event {
        request.headers = fields.headers
        try HTTPHost.check(request.headers, version: request.version)
        if let authority {
            // RFC 9112 section 3.2.2: the authority of an absolute-form target replaces Host.
            request.headers["Host"] = authority
        }
        let framing = try HTTPBodyFraming(request.headers, version: request.version, limits: limits)
        let expectsContinue = try checkExpectation()
        switch framing {
        case .none: return finishRequest()
        case .length(let count):
            // What the client promises is not allocated before it comes.
            request.body.reserveCapacity(min(count, 64 * 1024))
            state = .lengthBody(remaining: count)
        case .chunked:
            decoder = ChunkedBodyDecoder(limits: limits)
            state = .chunkedBody
        }
        return .head(expectsContinue: expectsContinue)
    }

    /// RFC 9110 section 10.1.1: a list, of which 100-continue is the only member that is met; in HTTP/1.0 the field is ignored.
    private func checkExpectation() throws(HTTPParseError) -> Bool {
        guard request.version >= .http11, request.headers.contains("Expect") else { return false }
        let expectations = request.headers.values(for: "Expect").flatMap { $0.utf8.split(separator: ASCII.comma) }
        guard
            expectations.allSatisfy({
                ASCII.equalIgnoringCase(ASCII.trimmingWhitespace($0), "100-continue".utf8)
            })
        else {
            throw HTTPParseError(.expectation, "The only expectation that is met is '100-continue'.")
        }
        return true
    }

    private mutating func finishRequest() -> Event {
        // Swapped and not copied: a copy counts up every reference in a request.
        var complete = Self.blankRequest
        swap(&complete, &request)
        state = .requestLine
        line.trim()
        fields = HTTPFieldParser(limits: limits)
        decoder = nil
        sawEmptyLine = false
        return .complete(complete)
    }

    private static let blankRequest = HTTPRequest()
}
