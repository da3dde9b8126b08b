// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerErrorTests {
    @Test func parseErrorIsAProblemAndClosesWhileTheClientStillSends() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost : a\r\n\r\n" + String(repeating: "x", count: 200_000))
            let response = try client.readResponse()
            #expect(response.status == 400)
            #expect(response["Content-Type"] == "application/problem+json")
            #expect(response["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func refusalTellsWhoAskedForWhat() async throws {
        let told = AsyncGate()
        let refusals = Mutex<[HTTPRefusal]>([])
        let proxies = try [#require(IPNetwork("127.0.0.1"))]
        let server = TestServer.make(.init(trustedProxies: proxies)) { refusal in
            refusals.withLock { $0.append(refusal) }
            told.open()
        } _: {
            try await TestServer.echo($0)
        }
        let port = try await server.start().port
        let response = try await onThread {
            let client = try RawHTTPClient(port: port)
            try client.send(
                "GET /fine HTTP/1.1\r\nHost: a\r\n\r\n"
                    + "POST /x?y HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 192.0.2.1\r\nContent-Length: a\r\n\r\n")
            _ = try client.readResponse()
            return try client.readResponse()
        }
        await told.wait()
        await server.shutdownGracefully(within: .zero)
        #expect(refusals.withLock { $0.count } == 1)
        let refusal = try #require(refusals.withLock { $0.first })
        #expect(refusal.status == .badRequest)
        #expect(refusal.bytes == response.body.count)
        #expect(refusal.request?.method == .post)
        #expect(refusal.request?.path == "/x")
        #expect(refusal.client == IPAddress("192.0.2.1"))
    }

    @Test func unforeseenErrorTellsNothing() async throws {
        struct Secret: Error {}
        try await TestServer.with { _ in
            throw Secret()
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get + TestServer.get)
            let response = try client.readResponse()
            #expect(response.status == 500)
            #expect(!response.text.contains("Secret"))
            #expect(try client.readResponse().status == 500)
        }
    }

    @Test func thrownHTTPErrorIsItsResponse() async throws {
        try await TestServer.with { _ in
            throw HTTPError(.notFound, detail: "no")
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse().text.contains("\"detail\":\"no\""))
        }
    }

    @Test func injectingResponseBecomes500() async throws {
        try await TestServer.with { _ in
            HTTPResponse(headers: ["X": "a\r\nSet-Cookie: b"])
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            let response = try client.readResponse()
            #expect(response.status == 500)
            #expect(!response.head.contains("Set-Cookie"))
        }
    }
}
