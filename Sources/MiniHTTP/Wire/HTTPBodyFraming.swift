// SPDX-License-Identifier: Apache-2.0

/// How the end of a request body is found (RFC 9112 section 6.3).
enum HTTPBodyFraming: Equatable {
    case none
    case length(Int)
    case chunked

    /// Decides from the header section, refusing everything that two readers could take for different lengths.
    init(_ headers: HTTPHeaders, version: HTTPVersion, limits: HTTPLimits) throws(HTTPParseError) {
        let lengths = headers.values(for: "Content-Length")
        let codings = headers.values(for: "Transfer-Encoding")
        guard codings.isEmpty else {
            // RFC 9112 section 6.1: a sign of request smuggling; the server ought to refuse it.
            guard lengths.isEmpty else {
                throw HTTPParseError(.transferEncoding, "There are both Transfer-Encoding and Content-Length.")
            }
            // RFC 9112 section 6.1: the framing of such a message is faulty.
            guard version >= .http11 else {
                throw HTTPParseError(.transferEncoding, "Transfer-Encoding does not exist in HTTP/1.0.")
            }
            try Self.checkCodings(codings)
            self = .chunked
            return
        }
        // RFC 9112 section 6.3 rule 7: no framing field, no body.
        guard let length = lengths.first else {
            self = .none
            return
        }
        // RFC 9110 section 8.6: a repeated or listed value may be refused even if all are the same.
        guard lengths.count == 1 else {
            throw HTTPParseError(.contentLength, "There is more than one Content-Length.")
        }
        let value = try Self.parseLength(length, limits: limits)
        self = value == 0 ? .none : .length(value)
    }

    /// RFC 9110 section 8.6: Content-Length = 1*DIGIT. No sign, no list, no whitespace inside.
    private static func parseLength(_ text: String, limits: HTTPLimits) throws(HTTPParseError) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy(ASCII.isDigit) else {
            throw HTTPParseError(.contentLength, "Content-Length is not a decimal number.")
        }
        // Digits that overflow Int are a number all the same, and larger than any limit.
        guard let length = Int(text), length <= limits.maxBodyBytes else {
            throw HTTPParseError(.bodyTooLarge, "The body is larger than \(limits.maxBodyBytes) bytes.")
        }
        return length
    }

    /// RFC 9112 section 6.3 rule 4: `chunked` is the last coding, exactly once; section 6.1: an unknown coding before
    /// it is 501.
    private static func checkCodings(_ values: [String]) throws(HTTPParseError) {
        let codings = values.flatMap { value in
            value.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
                .map { ASCII.trimmingWhitespace($0) }
        }
        let isChunked = codings.map { ASCII.equalIgnoringCase($0, "chunked".utf8) }
        guard isChunked.last == true, isChunked.count(where: { $0 }) == 1, codings.allSatisfy({ !$0.isEmpty }) else {
            throw HTTPParseError(.transferEncoding, "Transfer-Encoding does not end in one 'chunked'.")
        }
        guard codings.count == 1 else {
            throw HTTPParseError(.unknownTransferCoding, "The only transfer coding that is implemented is 'chunked'.")
        }
    }
}
