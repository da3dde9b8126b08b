// SPDX-License-Identifier: Apache-2.0

import Glibc
import MiniHTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerExchangeTests {
    @Test func connectionStaysForFurtherRequests() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            for index in 0..<3 {
                try client.send("POST /\(index) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi")
                let response = try client.readResponse()
                #expect(response.text == "POST /\(index) hi")
                #expect(response["Date"]?.hasSuffix(" GMT") == true)
                #expect(response["Connection"] == nil)
            }
        }
    }

    @Test func requestKnowsItsClient() async throws {
        try await TestServer.with {
            .text($0.remoteAddress?.host ?? "none")
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse().text == "127.0.0.1")
        }
    }

    @Test func requestInSingleBytesIsRead() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            for byte in "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n".utf8 {
                try client.send([byte])
            }
            #expect(try client.readResponse().text == "POST /x ab")
        }
    }

    @Test func pipelinedResponsesKeepTheirOrder() async throws {
        // The first handler waits for the last, so the answers are ready in the wrong order.
        let gate = AsyncGate()
        try await TestServer.with { request in
            if request.path == "/0" { await gate.wait() }
            if request.path == "/4" { gate.open() }
            return .text(request.path)
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send((0..<5).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for index in 0..<5 {
                #expect(try client.readResponse().text == "/\(index)")
            }
        }
    }

    @Test func longPipelineIsAnsweredWithinItsBound() async throws {
        let running = Mutex((now: 0, most: 0))
        let configuration = HTTPServer.Configuration(maxPipelinedRequests: 3)
        try await TestServer.with(configuration) { request in
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            await Task.yield()
            running.withLock { $0.now -= 1 }
            return .text(request.path)
        } test: { port in
            let client = try RawHTTPClient(port: port)
            // More than one read, so that reading has to go on after a pause.
            try client.send((0..<4000).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for index in 0..<4000 {
                #expect(try client.readResponse().text == "/\(index)")
            }
        }
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func connectionsAreSpreadOverTheLoops() async throws {
        let threads = Mutex<Set<UInt>>([])
        try await TestServer.with(.init(eventLoopCount: 3)) { request in
            // A handler starts on its connection's loop.
            threads.withLock { _ = $0.insert(UInt(pthread_self())) }
            return .text(request.path)
        } test: { port in
            let clients = try (0..<6).map { _ in try RawHTTPClient(port: port) }
            for client in clients + clients {
                try client.send(TestServer.get)
                _ = try client.readResponse()
            }
        }
        #expect(threads.withLock { $0.count } == 3)
    }

    @Test func unreadBodyDoesNotReachTheNextRequest() async throws {
        try await TestServer.with {
            .text("\($0.method) \($0.path)")
        } test: { port in
            let client = try RawHTTPClient(port: port)
            let body = "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n"
            try client.send("POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            try client.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readResponse().text == "POST /1")
            #expect(try client.readResponse().text == "GET /2")
        }
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + TestServer.get)
            #expect(try client.readResponse(isHead: true)["Content-Length"] == "8")
            #expect(try client.readResponse().text == "GET / ")
        }
    }

    @Test func http10ClosesUnlessAskedToStay() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try client.readResponse()["Connection"] == "keep-alive")
            try client.send("GET /2 HTTP/1.0\r\n\r\n")
            #expect(try client.readResponse()["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func continueInvitesTheBody() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try client.readResponse().status == 100)
            try client.send("ok")
            #expect(try client.readResponse().text == "PUT / ok")
        }
    }

    @Test func largeBodyReachesASlowReader() async throws {
        // Larger than both socket buffers, so the server has to wait for the client.
        let body = [UInt8]((0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try await TestServer.with { _ in
            HTTPResponse(body: body)
        } test: { port in
            let client = try RawHTTPClient(port: port, receiveBufferBytes: 4096)
            try client.send(TestServer.get + TestServer.get)
            #expect(try client.readResponse().body == body)
            #expect(try client.readResponse().body == body)
        }
    }

    @Test func answerAtHandWaitsForItsTurn() async throws {
        struct Handler: HTTPHandler {
            let gate = AsyncGate()

            func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
                await gate.wait()
                return .text("handled \(request.path)")
            }

            func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse? {
                guard request.path == "/known" else { return nil }
                gate.open()
                return .text("known to \(request.clientAddress?.description ?? "nobody")")
            }
        }
        let server = HTTPServer(
            configuration: .init(port: 0), handler: Handler(), logger: TestServer.silentLogger)
        let port = try await server.start().port
        try await onThread {
            let client = try RawHTTPClient(port: port)
            // The first is only answered once the second has been.
            try client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /known HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try client.readResponse().text == "handled /")
            #expect(try client.readResponse().text == "known to 127.0.0.1")
        }
        await server.shutdownGracefully(within: .zero)
    }
}
