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
