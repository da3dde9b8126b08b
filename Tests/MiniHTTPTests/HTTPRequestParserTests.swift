// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPRequestParserTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: String
        let bytes: String
        let outcome: ParserOutcome
        var limits = HTTPLimits()
        var testDescription: String { reason }

        static func accepted(_ reason: String, _ bytes: String, _ requests: [String]) -> Row {
            Row(reason: reason, bytes: bytes, outcome: .requests(requests))
        }

        static func refused(_ rule: HTTPParseError.Rule, _ reason: String, _ bytes: String) -> Row {
            Row(reason: reason, bytes: bytes, outcome: .failed(rule))
        }

        /// A refused header section, after a valid request line and Host.
        static func fields(_ rule: HTTPParseError.Rule, _ reason: String, _ fields: String) -> Row {
            refused(rule, reason, "POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n")
        }

        /// A refused chunked body.
        static func chunks(_ rule: HTTPParseError.Rule, _ reason: String, _ body: String) -> Row {
            refused(rule, reason, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)")
        }
    }

    static let accepted: [Row] = [
        .accepted("the smallest request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / "]),
        .accepted(
            "an empty Host is what a client without an authority sends", "GET / HTTP/1.1\r\nHost:\r\n\r\n", ["GET / "]),
        .accepted("one empty line before the request line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", ["GET / "]),
        .accepted(
            "one before each",
            "\r\nGET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", ["GET /1 ", "GET /2 "]),
        .accepted("HTTP/1.0 needs no Host", "GET / HTTP/1.0\r\n\r\n", ["GET / "]),
        .accepted("a later minor version counts as 1.1", "GET / HTTP/1.7\r\nHost: a\r\n\r\n", ["GET / "]),
        .accepted("an unknown method is the router's business", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", ["BREW / "]),
        .accepted(
            "tabs and spaces around a value, none, and obs-text in it",
            "GET / HTTP/1.1\r\nHost: \t a \t\r\nX:\r\nY:\u{e9}\r\n\r\n", ["GET / "]),
        .accepted(
            "a query and odd but printable characters", "GET /a|b?x={1} HTTP/1.1\r\nHost: a\r\n\r\n",
            ["GET /a|b?x={1} "]),
        .accepted(
            "Content-Length delimits the body; the next request follows",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            ["POST /a abc", "GET /b "]),
        .accepted("Content-Length 0", "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 0\r\n\r\n", ["POST / "]),
        .accepted(
            "Content-Length with leading zeros", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0002\r\n\r\nab",
            ["POST / ab"]),
        .accepted(
            "chunks with extensions and trailers; the next request follows",
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;a=b;c=\"d\"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            ["POST /a abc0123456789", "GET /b "]),
        .accepted(
            "pipelined requests", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            ["GET /1 ", "GET /2 "]),
        .accepted("absolute form", "GET http://a:80/x?y HTTP/1.1\r\nHost: b\r\n\r\n", ["GET http://a:80/x?y "]),
        .accepted("absolute form of https", "GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", ["GET https://a/ "]),
        .accepted("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", ["OPTIONS * "]),
        .accepted("an IPv6 Host with a port", "GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", ["GET / "]),
        .accepted(
            "Expect is a list", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue , 100-continue\r\n\r\n",
            ["POST / "]),
        .accepted("Expect is ignored in HTTP/1.0", "GET / HTTP/1.0\r\nExpect: tea\r\n\r\n", ["GET / "]),
    ]

    static let refusedLines: [Row] = [
        .refused(.requestLine, "no version: HTTP/0.9", "GET /\r\n\r\n"),
        .refused(.requestLine, "no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "an empty target", "GET  HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a tab for a space", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a space at the end", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a space first", " GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a method that is no token", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a version without a point", "GET / HTTP/1:1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a version that is no number", "GET / HTTP/1.x\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a version of two digits", "GET / HTTP/1.10\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.requestLine, "a TLS hello", "\u{16}\u{03}\u{01}"),
        .refused(.version, "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        .refused(.version, "HTTP/0.9 spelled out", "GET / HTTP/0.9\r\n\r\n"),
        .refused(.lineTerminator, "LF alone after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        .refused(.lineTerminator, "LF alone after a field", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        .refused(.lineTerminator, "LF alone at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        .refused(.target, "a fragment", "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "raw UTF-8", "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "a control byte", "GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "a relative path", "GET a HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "'*' is for OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "a scheme that is not http", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "userinfo", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.target, "no host", "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.method, "CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n"),
        .refused(.host, "no Host in 1.1", "GET / HTTP/1.1\r\n\r\n"),
        .refused(.host, "two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"),
        .refused(.host, "two Hosts in 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        .refused(.host, "a Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        .refused(.host, "a Host with userinfo", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        .refused(.host, "a Host list", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        .refused(.host, "a port that is no number", "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        .refused(.host, "a port out of range", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        .refused(.host, "brackets around no address", "GET / HTTP/1.1\r\nHost: [::1::]\r\n\r\n"),
        .refused(.host, "brackets around IPv4", "GET / HTTP/1.1\r\nHost: [127.0.0.1]\r\n\r\n"),
        .refused(.host, "a zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n"),
        .refused(.host, "something behind the bracket", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n"),
        .refused(.host, "an open bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
    ]

    static let refusedFields: [Row] = [
        .fields(.field, "a space before the colon", "X : 1"),
        .fields(.field, "no colon", "X"),
        .fields(.field, "no name", ": 1"),
        .fields(.field, "a name that is no token", "X(1): 1"),
        .fields(.field, "obs-fold", "X: 1\r\n 2"),
        .fields(.field, "obs-fold with a tab", "X: 1\r\n\t2"),
        .fields(.field, "NUL", "X: a\u{0}b"),
        .fields(.field, "a bare CR", "X: a\rb"),
        .fields(.field, "a bare CR that hides a field", "X: a\rContent-Length: 5"),
        .fields(.field, "DEL", "X: a\u{7f}"),
        .refused(.field, "whitespace before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        .fields(.contentLength, "a sign", "Content-Length: +1"),
        .fields(.contentLength, "a negative length", "Content-Length: -1"),
        .fields(.contentLength, "a list of lengths", "Content-Length: 1,2"),
        .fields(.contentLength, "a list of the same length", "Content-Length: 1, 1"),
        .fields(.contentLength, "hexadecimal", "Content-Length: 0x1"),
        .fields(.contentLength, "empty", "Content-Length:"),
        .fields(.contentLength, "a space inside", "Content-Length: 1 2"),
        .fields(.contentLength, "digits of another script", "Content-Length: \u{0661}"),
        .fields(.contentLength, "two lengths", "Content-Length: 1\r\nContent-Length: 2"),
        .fields(.contentLength, "the same length twice", "Content-Length: 1\r\nContent-Length: 1"),
        .fields(.bodyTooLarge, "more than Int holds", "Content-Length: 99999999999999999999"),
        .fields(.transferEncoding, "CL and TE", "Content-Length: 1\r\nTransfer-Encoding: chunked"),
        .fields(.transferEncoding, "TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 1"),
        .fields(.transferEncoding, "identity", "Transfer-Encoding: identity"),
        .fields(.transferEncoding, "chunked is not last", "Transfer-Encoding: chunked, gzip"),
        .fields(.transferEncoding, "chunked twice", "Transfer-Encoding: chunked, chunked"),
        .fields(
            .transferEncoding, "chunked twice in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        .fields(.transferEncoding, "a parameter", "Transfer-Encoding: chunked;a=b"),
        .fields(.transferEncoding, "quoted", "Transfer-Encoding: \"chunked\""),
        .fields(.transferEncoding, "a prefix", "Transfer-Encoding: xchunked"),
        .fields(.transferEncoding, "an empty member", "Transfer-Encoding: ,chunked"),
        .fields(.transferEncoding, "empty", "Transfer-Encoding:"),
        .fields(.transferEncoding, "a trailing comma", "Transfer-Encoding: chunked, "),
        .fields(.unknownTransferCoding, "gzip, chunked", "Transfer-Encoding: gzip, chunked"),
        .refused(
            .transferEncoding, "TE in HTTP/1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
        .fields(.expectation, "an unknown expectation", "Expect: tea\r\nContent-Length: 1"),
        .fields(.expectation, "one beside a known one", "Expect: 100-continue, tea\r\nContent-Length: 1"),
    ]

    static let refusedChunks: [Row] = [
        .chunks(.chunk, "no size", "\r\n"),
        .chunks(.chunk, "a sign", "+1\r\na\r\n"),
        .chunks(.chunk, "0x", "0x1\r\na\r\n"),
        .chunks(.chunk, "a space before the size", " 1\r\na\r\n"),
        .chunks(.chunk, "a space after the size", "1 \r\na\r\n"),
        .chunks(.chunk, "a space before an extension", "1 ;a\r\na\r\n"),
        .chunks(.chunk, "an underscore", "1_0\r\na\r\n"),
        .chunks(.chunk, "a size that overflows", "10000000000000000\r\n"),
        .chunks(.chunk, "leading zeros without end", "00000000000000001\r\n"),
        .chunks(.bodyTooLarge, "a size beyond the limit", "fffffff\r\n"),
        .chunks(.chunk, "a control byte in an extension", "1;a\rb\r\na\r\n"),
        .chunks(.lineTerminator, "LF alone after the size", "1\na\r\n"),
        .chunks(.chunk, "data longer than the size", "1\r\nab\r\n"),
        .chunks(.lineTerminator, "LF alone after the data", "1\r\na\n0\r\n\r\n"),
        .chunks(.chunk, "CR and something else after the data", "1\r\na\rb"),
        .chunks(.field, "a trailer that is no field", "0\r\nX\r\n\r\n"),
        .chunks(.lineTerminator, "LF alone at the end", "0\r\n\n"),
    ]

    static let limited: [Row] = {
        let limits = HTTPLimits(
            maxRequestLineBytes: 32, maxHeaderBytes: 64, maxHeaderCount: 3, maxBodyBytes: 8, maxChunkExtensionBytes: 8)
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let rows: [(String, String, ParserOutcome)] = [
            (
                "a request line of 32 bytes", "GET /45678901234567890 HTTP/1.1\r\nHost: a\r\n\r\n",
                .failed(.requestLineTooLong)
            ),
            (
                "one byte less", "GET /4567890123456789 HTTP/1.1\r\nHost: a\r\n\r\n",
                .requests(["GET /4567890123456789 "])
            ),
            ("a request line without end", String(repeating: "A", count: 40), .failed(.requestLineTooLong)),
            (
                "fields larger than the limit",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 60))\r\n\r\n",
                .failed(.headerTooLarge)
            ),
            (
                "fields larger than the limit together",
                "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 30))\r\n"
                    + "Y: \(String(repeating: "y", count: 30))\r\n\r\n",
                .failed(.headerTooLarge)
            ),
            ("one field too many", "GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\nC:\r\n\r\n", .failed(.headerTooLarge)),
            ("as many fields as allowed", "GET / HTTP/1.1\r\nHost: a\r\nA:\r\nB:\r\n\r\n", .requests(["GET / "])),
            (
                "a body larger than the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
                .failed(.bodyTooLarge)
            ),
            (
                "a body of the limit", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n12345678",
                .requests(["POST / 12345678"])
            ),
            (
                "chunks larger than the limit together", chunked + "5\r\n12345\r\n4\r\n6789\r\n0\r\n\r\n",
                .failed(.bodyTooLarge)
            ),
            (
                "extensions of many small chunks", chunked + "1;abcd\r\na\r\n1;abcd\r\nb\r\n0\r\n\r\n",
                .failed(.bodyTooLarge)
            ),
            ("an extension without end", chunked + "1;" + String(repeating: "x", count: 60), .failed(.bodyTooLarge)),
            (
                "trailers larger than the limit", chunked + "0\r\nX: \(String(repeating: "x", count: 70))\r\n\r\n",
                .failed(.headerTooLarge)
            ),
        ]
        return rows.map { Row(reason: $0.0, bytes: $0.1, outcome: $0.2, limits: limits) }
    }()

    @Test(arguments: accepted + refusedLines + refusedFields + refusedChunks + limited)
    func sameOutcomeHoweverTheBytesAreSplit(_ row: Row) {
        #expect(ParserDriver.outcomes(row.bytes, limits: row.limits) == [row.outcome.description])
    }

    @Test func statusOfEachRule() {
        let statuses: [HTTPParseError.Rule: Int] = [
            .requestLine: 400, .field: 400, .host: 400, .contentLength: 400, .transferEncoding: 400, .chunk: 400,
            .target: 400, .lineTerminator: 400, .truncated: 400, .timeout: 408, .bodyTooLarge: 413,
            .requestLineTooLong: 414, .expectation: 417, .headerTooLarge: 431, .unknownTransferCoding: 501,
            .method: 501, .version: 505,
        ]
        for (rule, status) in statuses {
            #expect(HTTPParseError(rule, "").status.code == status, "\(rule)")
        }
    }

    @Test func fieldsKeepOrderRepeatsAndSpelling() throws {
        let request = try #require(
            ParserDriver.parse("GET /p?q=1?2 HTTP/1.0\r\nB:  2 \r\nA: 1\r\nb: 3\r\n\r\n").first)
        #expect(request.headers.map { "\($0.name)=\($0.value)" } == ["B=2", "A=1", "b=3"])
        #expect(request.headers.values(for: "B") == ["2", "3"])
        #expect(request.path == "/p")
        #expect(request.query == "q=1?2")
        #expect(request.version == .http10)
    }

    @Test func absoluteFormOverridesHost() throws {
        let request = try #require(ParserDriver.parse("GET HTTP://a:80?q HTTP/1.1\r\nHost: b\r\n\r\n").first)
        #expect(request.headers["Host"] == "a:80")
        #expect(request.path == "/")
        #expect(request.query == "q")
    }

    @Test func absoluteFormWithoutPathIsTheServerForOptions() throws {
        let request = try #require(ParserDriver.parse("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n").first)
        #expect(request.path == "*")
    }

    @Test func trailersStayOutOfTheHeaders() throws {
        let request = try #require(
            ParserDriver.parse(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nHost: evil\r\nX: 1\r\n\r\n"
            ).first)
        #expect(request.headers.values(for: "Host") == ["a"])
        #expect(request.headers["X"] == nil)
        #expect(request.trailers["X"] == "1")
    }

    @Test func connectionAtRestHoldsNoLongLine() throws {
        var parser = HTTPRequestParser(limits: HTTPLimits())
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n"
        try Array(text.utf8).withUnsafeBytes { bytes in
            var input = bytes[...]
            guard case .complete = try parser.next(&input) else { return #expect(Bool(false), "no request") }
        }
        #expect(parser.line.bytes.capacity < 1024)
    }

    @Test func timeIsLinearInSingleBytes() throws {
        // A parser that looks again at what it has seen would look at 20,000,000,000 bytes.
        let limits = HTTPLimits(maxHeaderBytes: 400_000)
        let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 200_000))\r\n\r\n".utf8)
        let pieces = bytes.indices.map { bytes[$0...$0] }
        #expect(try ParserDriver.parse(pieces, limits: limits).count == 1)
    }
}
