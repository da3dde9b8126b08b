// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import TestSupport
import Testing

@testable import MiniHTTP

/// A request that comes just as its connection is chosen to make room for another, or as the server stops.
@Suite struct HTTPServerMakeRoomTests {
    /// Holds up the event loop for a request of `/hold`, and answers all at once.
    private struct Handler: HTTPHandler {
        let isHeld = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)

        func handle(_ request: HTTPRequest) async throws -> HTTPResponse { HTTPResponse() }

        func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse? {
            if request.path == "/hold" {
                isHeld.signal()
                release.wait()
            }
            return .text(request.path)
        }
    }

    /// One client whose first request is answered and whose second has come unseen, and one that holds up the loop.
    private static func clientsOfAHeldLoop(
        _ port: Int, _ handler: Handler
    ) throws -> (idle: RawHTTPClient, other: RawHTTPClient) {
        let (idle, other) = (try RawHTTPClient(port: port), try RawHTTPClient(port: port))
        try idle.send(TestServer.get)
        #expect(try idle.readResponse().text == "/")
        try other.send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n")
        handler.isHeld.wait()
        try idle.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n")
        return (idle, other)
    }

    @Test(.timeLimit(.minutes(1))) func requestThatHasComeIsAnsweredBeforeItsConnectionCloses() async throws {
        let handler = Handler()
        let server = HTTPServer(
            configuration: .init(port: 0, maxConnections: 2, eventLoopCount: 1), handler: handler,
            logger: TestServer.silentLogger)
        let port = try await server.start().port
        let loops = try #require(server.loops)
        try await onThread {
            let (idle, other) = try Self.clientsOfAHeldLoop(port, handler)
            let (newcomer, newcomersClient) = try Socket.pair()
            // The loop is told to make room before it can see the request.
            server.accepted(newcomer, from: nil, loops)
            handler.release.signal()
            #expect(try other.readResponse().text == "/hold")
            #expect(try idle.readResponse().text == "/late")
            #expect(try idle.readToEnd().isEmpty, "it made room once nothing was owed")
            newcomersClient.close()
            try other.send(TestServer.get)
            #expect(try other.readResponse().text == "/", "the server goes on")
        }
        await server.shutdownGracefully(within: .zero)
    }

    @Test(.timeLimit(.minutes(1))) func requestThatHasComeIsAnsweredWhenTheServerStops() async throws {
        let handler = Handler()
        let server = HTTPServer(
            configuration: .init(port: 0, eventLoopCount: 1), handler: handler, logger: TestServer.silentLogger)
        let port = try await server.start().port
        let loops = try #require(server.loops)
        try await onThread {
            let (idle, other) = try Self.clientsOfAHeldLoop(port, handler)
            loops[0].forEachConnection { $0.shutdown() }
            handler.release.signal()
            #expect(try idle.readResponse().text == "/late")
            #expect(try idle.readToEnd().isEmpty)
            withExtendedLifetime(other) {}
        }
        await server.shutdownGracefully(within: .zero)
    }

    @Test(.timeLimit(.minutes(2))) func nobodyGetsAPartOfAnAnswer() async throws {
        let body = [UInt8](repeating: 7, count: 100_000)
        let configuration = HTTPServer.Configuration(maxConnections: 3, eventLoopCount: 2)
        let server = TestServer.make(configuration) { _ in HTTPResponse(body: body) }
        let port = try await server.start().port
        try await withThrowingTaskGroup { group in
            for _ in 0..<6 {
                group.addTask {
                    try await onThread {
                        for _ in 0..<100 { try Self.askTwice(port, body) }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(server.connectionCount <= 3)
        await server.shutdownGracefully(within: .zero)
        #expect(server.connectionCount == 0)
    }

    /// Each answer is whole, a whole 503, or did not come at all.
    private static func askTwice(_ port: Int, _ body: [UInt8]) throws {
        let client = try RawHTTPClient(port: port)
        do {
            for _ in 0..<2 {
                try client.send(TestServer.get)
                let response = try client.readResponse()
                if response.status == 503 { return }
                #expect(response.body == body)
            }
        } catch let failure as RawHTTPClient.Failure where failure.code == ECONNRESET || failure.code == EPIPE {
            return
        } catch let failure as RawHTTPClient.Failure {
            #expect(failure.description == "the server closed before the head of a response had come: ''")
        }
    }
}

extension HTTPServer {
    fileprivate var loops: [EventLoop]? {
        lifecycle.withLock { if case .running(_, _, let loops) = $0.state { loops } else { nil } }
    }
}
