// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPResponseEncoderTests {
    private let encoder = HTTPResponseEncoder(serverName: nil)

    private func encode(_ response: HTTPResponse, _ context: HTTPResponseEncoder.Context = .init()) throws -> String {
        let (head, body) = try encoder.encode(response, context, date: "D")
        return String(decoding: head + body, as: UTF8.self)
    }

    @Test func headAndBody() throws {
        let text = try encode(HTTPResponse(headers: ["X": "1", "x": "2"], body: Array("hi".utf8)))
        #expect(text == "HTTP/1.1 200 OK\r\nDate: D\r\nX: 1\r\nx: 2\r\nContent-Length: 2\r\n\r\nhi")
    }

    @Test(
        arguments: [
            ["X": "1", "x": "2"], ["Date": "X", "Connection": "close", "Content-Length": "9"], ["Server": "t"], [:],
        ] as [HTTPHeaders])
    func renderedFieldsAreSentLikeOthers(headers: HTTPHeaders) throws {
        let encoder = HTTPResponseEncoder(serverName: "s")
        var (plain, rendered) = (headers, headers.rendered())
        for step in 0..<2 {
            let heads = try [plain, rendered].map {
                try encoder.encode(HTTPResponse(headers: $0), .init(), date: "D").head
            }
            #expect(heads[0] == heads[1], "\(step)")
            plain.add("Y", "3")
            rendered.add("Y", "3")
        }
        #expect(plain.rendered().renderedFields?.lines == rendered.rendered().renderedFields?.lines)
    }

    @Test func fieldsThatCannotBeSentAreNotRendered() {
        let headers = HTTPHeaders(dictionaryLiteral: ("A", "1"), ("B", "\n")).rendered()
        #expect(throws: HTTPResponseEncoder.Failure.field(name: "B")) {
            try encoder.encode(HTTPResponse(headers: headers), .init(), date: "D")
        }
    }

    @Test func dateOfTheHandlerStandsOnce() throws {
        let text = try encode(HTTPResponse(headers: ["Date": "X"]))
        #expect(text == "HTTP/1.1 200 OK\r\nDate: X\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func serverNameIsAdded() throws {
        let (head, _) = try HTTPResponseEncoder(serverName: "s").encode(HTTPResponse(), .init(), date: "D")
        #expect(String(decoding: head, as: UTF8.self).contains("\r\nServer: s\r\n"))
    }

    @Test func closeAndKeepAliveAreSaid() throws {
        #expect(try encode(HTTPResponse(), .init(keepsAlive: false)).contains("\r\nConnection: close\r\n"))
        #expect(try encode(HTTPResponse(), .init(version: .http10)).contains("\r\nConnection: keep-alive\r\n"))
        #expect(try !encode(HTTPResponse()).contains("Connection"))
    }

    @Test func framingFieldsOfTheHandlerAreReplaced() throws {
        let response = HTTPResponse(
            headers: ["Content-Length": "9", "Transfer-Encoding": "chunked", "Connection": "close", "Keep-Alive": "x"],
            body: [0x61])
        #expect(try encode(response) == "HTTP/1.1 200 OK\r\nDate: D\r\nContent-Length: 1\r\n\r\na")
    }

    @Test(arguments: [(204, nil), (304, nil), (205, "0"), (200, "1")] as [(Int, String?)])
    func bodyAndLengthByStatus(code: Int, length: String?) throws {
        let text = try encode(HTTPResponse(status: HTTPStatus(code: code), body: [0x61]))
        #expect(text.contains("Content-Length") == (length != nil))
        #expect(text.hasSuffix("a") == (code == 200))
        if let length {
            #expect(text.contains("\r\nContent-Length: \(length)\r\n"))
        }
    }

    struct StreamRow: Sendable, CustomTestStringConvertible {
        let reason: String
        var context = HTTPResponseEncoder.Context()
        var status = HTTPStatus.ok
        let fields: String
        var testDescription: String { reason }
    }

    @Test(arguments: [
        StreamRow(reason: "1.1", fields: "Transfer-Encoding: chunked\r\n"),
        StreamRow(reason: "HEAD", context: .init(isHead: true), fields: "Transfer-Encoding: chunked\r\n"),
        StreamRow(reason: "1.0", context: .init(version: .http10, keepsAlive: false), fields: "Connection: close\r\n"),
        StreamRow(
            reason: "HEAD of 1.0", context: .init(isHead: true, version: .http10), fields: "Connection: keep-alive\r\n"
        ),
        StreamRow(reason: "204", status: .noContent, fields: ""),
        StreamRow(reason: "304", status: .notModified, fields: ""),
        StreamRow(reason: "205", status: HTTPStatus(code: 205), fields: "Content-Length: 0\r\n"),
    ])
    func streamIsFramedByVersion(_ row: StreamRow) throws {
        let response = HTTPResponse(
            status: row.status, headers: ["Content-Length": "9"], body: [0x61], stream: HTTPBodyStream { _ in })
        #expect(try encode(response, row.context) == "HTTP/1.1 \(row.status)\r\nDate: D\r\n\(row.fields)\r\n")
    }

    @Test func piecesAreChunks() {
        let piece = HTTPResponseEncoder.piece([UInt8](repeating: 0x61, count: 26), .chunked)
        #expect(piece == [Array("1a\r\n".utf8), [UInt8](repeating: 0x61, count: 26), Array("\r\n".utf8)])
        #expect(HTTPResponseEncoder.piece([1], .untilClose) == [[1]])
    }

    @Test func emptyPieceDoesNotEndTheBody() {
        #expect(HTTPResponseEncoder.piece([], .chunked) == [])
    }

    @Test func headCountsTheBodyAndLeavesItOut() throws {
        let head = HTTPResponseEncoder.Context(isHead: true)
        #expect(try encode(HTTPResponse(body: [0x61]), head).hasSuffix("Content-Length: 1\r\n\r\n"))
        #expect(try encode(HTTPResponse(headers: ["Content-Length": "7"]), head).hasSuffix("Content-Length: 7\r\n\r\n"))
    }

    @Test(arguments: ["a\rb", "a\nb", "a\r\nSet-Cookie: x", "a\u{0}b", "\u{7f}"])
    func valuesThatInjectAreRefused(value: String) {
        #expect(throws: HTTPResponseEncoder.Failure.field(name: "X")) {
            try encode(HTTPResponse(headers: ["X": value]))
        }
    }

    @Test(arguments: ["", "A B", "A:", "A\r\nB", "é"])
    func namesThatAreNoTokensAreRefused(name: String) {
        #expect(throws: HTTPResponseEncoder.Failure.field(name: name)) {
            try encode(HTTPResponse(headers: [name: "1"]))
        }
    }

    @Test(arguments: [0, 100, 101, 199, 600, 1000])
    func statusThatIsNotFinalIsRefused(code: Int) {
        #expect(throws: HTTPResponseEncoder.Failure.status(code)) {
            try encode(HTTPResponse(status: HTTPStatus(code: code)))
        }
    }
}
