// SPDX-License-Identifier: Apache-2.0

import Glibc
import MiniHTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    // MARK: Exchanges

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
            try client.send(Self.get)
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
            try client.send((0..<500).map { "GET /\($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
            for index in 0..<500 {
                #expect(try client.readResponse().text == "/\(index)")
            }
        }
        #expect(running.withLock { $0.most } <= 3)
    }

    @Test func headHasTheLengthAndNoBody() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
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
            try client.send(Self.get + Self.get)
            #expect(try client.readResponse().body == body)
            #expect(try client.readResponse().body == body)
        }
    }

    // MARK: Errors

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

    @Test func unforeseenErrorTellsNothing() async throws {
        struct Secret: Error {}
        try await TestServer.with { _ in
            throw Secret()
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(Self.get + Self.get)
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
            try client.send(Self.get)
            #expect(try client.readResponse().text.contains("\"detail\":\"no\""))
        }
    }

    @Test func injectingResponseBecomes500() async throws {
        try await TestServer.with { _ in
            HTTPResponse(headers: ["X": "a\r\nSet-Cookie: b"])
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(Self.get)
            let response = try client.readResponse()
            #expect(response.status == 500)
            #expect(!response.head.contains("Set-Cookie"))
        }
    }

    // MARK: Deadlines

    @Test func slowHeaderIs408() async throws {
        let configuration = HTTPServer.Configuration(timeouts: .init(header: .milliseconds(200)))
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost:")
            #expect(try client.readResponse().status == 408)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func idleConnectionIsClosed() async throws {
        let configuration = HTTPServer.Configuration(timeouts: .init(idle: .milliseconds(200)))
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send(Self.get)
            _ = try client.readResponse()
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func clientThatDoesNotReadIsReset() async throws {
        let configuration = HTTPServer.Configuration(timeouts: .init(write: .milliseconds(300)))
        let body = [UInt8](repeating: 0x61, count: 16_000_000)
        let server = TestServer.make(configuration) { _ in HTTPResponse(body: body) }
        let port = try await server.start().port
        try await onThread {
            let client = try RawHTTPClient(port: port, receiveBufferBytes: 4096)
            try client.send(Self.get)
            while server.connectionCount == 0 { usleep(1000) }
            while server.connectionCount > 0 { usleep(1000) }
            #expect(throws: RawHTTPClient.Failure.self) { try client.readToEnd() }
        }
        await server.shutdownGracefully(within: .zero)
    }

    // MARK: Disconnects

    @Test func halfClosedClientIsAnswered() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send(Self.get)
            client.shutdownWrite()
            let response = try client.readResponse()
            #expect(response.text == "GET / ")
            #expect(response["Connection"] == "close")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    enum Departure: CaseIterable, Sendable {
        case reset
        case close
    }

    /// A handler that returns when it is cancelled, and tells.
    private static func waitForCancellation(started: AsyncGate, cancelled: AsyncGate) async -> HTTPResponse {
        started.open()
        let never = AsyncGate()
        await withTaskCancellationHandler {
            await never.wait()
        } onCancel: {
            never.open()
        }
        cancelled.open()
        return HTTPResponse()
    }

    @Test(.timeLimit(.minutes(1)), arguments: Departure.allCases)
    func clientThatLeavesCancelsItsHandler(_ departure: Departure) async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        let configuration = HTTPServer.Configuration(timeouts: .init(halfClosedProbe: .milliseconds(100)))
        let server = TestServer.make(configuration) { _ in
            await Self.waitForCancellation(started: started, cancelled: cancelled)
        }
        let port = try await server.start().port
        let client = try RawHTTPClient(port: port)
        try client.send(Self.get)
        await started.wait()
        switch departure {
        case .reset: client.reset()
        case .close: client.close()
        }
        await cancelled.wait()
        await server.shutdownGracefully(within: .seconds(5))
        #expect(server.connectionCount == 0)
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "",  // before anything was sent
            "GET / HT",  // in the middle of the header section
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n123",  // in the middle of the body
            "BAD\r\n\r\n",  // while the server lingers
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",  // after a whole request
        ])
    func resetIsNoticedInEveryState(sent: String) async throws {
        // Without the reset, each of these would wait for a deadline of an hour.
        let hour = Duration.seconds(3600)
        let timeouts = HTTPTimeouts(header: hour, body: hour, idle: hour, write: hour, linger: hour)
        let server = TestServer.make(.init(timeouts: timeouts), TestServer.echo)
        let port = try await server.start().port
        try await onThread {
            for pause in [0, 0, 0, 20_000] {
                let client = try RawHTTPClient(port: port)
                try client.send(sent)
                usleep(useconds_t(pause))
                client.reset()
            }
            let last = try RawHTTPClient(port: port)
            try last.send(Self.get)
            _ = try last.readResponse()
            last.close()
            while server.connectionCount > 0 { usleep(1000) }
        }
        await server.shutdownGracefully(within: .zero)
    }

    @Test func resetInTheMiddleOfAResponseLeavesTheServerServing() async throws {
        let body = [UInt8](repeating: 0x61, count: 4_000_000)
        let server = TestServer.make { _ in HTTPResponse(body: body) }
        let port = try await server.start().port
        try await onThread {
            for _ in 0..<20 {
                let client = try RawHTTPClient(port: port, receiveBufferBytes: 4096)
                try client.send(Self.get)
                client.reset()
            }
            let client = try RawHTTPClient(port: port)
            try client.send(Self.get)
            #expect(try client.readResponse().body.count == body.count)
        }
        await server.shutdownGracefully(within: .seconds(5))
        #expect(server.connectionCount == 0)
    }

    // MARK: Bounds

    @Test func connectionBeyondTheBoundIs503() async throws {
        let configuration = HTTPServer.Configuration(maxConnections: 1)
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let first = try RawHTTPClient(port: port)
            try first.send(Self.get)
            _ = try first.readResponse()
            let second = try RawHTTPClient(port: port)
            #expect(try second.readResponse().status == 503)
            try first.send(Self.get)
            #expect(try first.readResponse().status == 200)
        }
    }

    @Test func addressBeyondItsBoundIs503() async throws {
        let configuration = HTTPServer.Configuration(maxConnectionsPerAddress: 1)
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let first = try RawHTTPClient(port: port)
            try first.send(Self.get)
            _ = try first.readResponse()
            #expect(try RawHTTPClient(port: port).readResponse().status == 503)
        }
    }

    // MARK: Lifecycle

    @Test func busyPortIsNamed() async throws {
        let server = TestServer.make(.init(), TestServer.echo)
        let port = try await server.start().port
        let second = HTTPServer(
            configuration: .init(port: port), handler: ClosureHandler(body: TestServer.echo),
            logger: TestServer.silentLogger)
        let error = await #expect(throws: SocketError.self) { try await second.run() }
        #expect(error?.description == "cannot listen on 127.0.0.1:\(port): Address already in use")
        await server.shutdownGracefully(within: .zero)
        // The port is free again at once, and a failed start can be repeated.
        #expect(try await second.start().port == port)
        await second.shutdownGracefully(within: .zero)
    }

    @Test(arguments: ["localhost", "::1", "::"])
    func bindsNamesAndIPv6(host: String) async throws {
        let server = TestServer.make(.init(host: host), TestServer.echo)
        let address = try await server.start()
        #expect(server.boundAddress == address)
        if host != "::1" {
            // '::' takes IPv4 too.
            try await onThread {
                guard address.host != "::1" else { return }
                let client = try RawHTTPClient(port: address.port)
                try client.send(Self.get)
                #expect(try client.readResponse().status == 200)
            }
        }
        await server.shutdownGracefully(within: .zero)
        #expect(server.boundAddress == nil)
    }

    @Test func unknownHostIsNamed() async throws {
        let server = TestServer.make(.init(host: "no host"), TestServer.echo)
        let error = await #expect(throws: SocketError.self) { try await server.start() }
        #expect(error?.description.hasPrefix("cannot listen on no host:0: ") == true)
    }

    @Test func serverNameThatInjectsIsRefused() async throws {
        let server = TestServer.make(.init(serverName: "a\r\nX: b"), TestServer.echo)
        await #expect(throws: HTTPServerError.invalidServerName) { try await server.start() }
    }

    @Test func serverRunsOnce() async throws {
        let server = TestServer.make(.init(), TestServer.echo)
        _ = try await server.start()
        await #expect(throws: HTTPServerError.alreadyStarted) { try await server.start() }
        await server.shutdownGracefully(within: .zero)
        await #expect(throws: HTTPServerError.alreadyStarted) { try await server.start() }
    }

    @Test(.timeLimit(.minutes(1)))
    func shutdownAnswersWhatIsInFlightAndClosesTheRest() async throws {
        let (started, finish) = (AsyncGate(), AsyncGate())
        let server = TestServer.make { request in
            if request.path == "/slow" {
                started.open()
                await finish.wait()
            }
            return .text("done")
        }
        let port = try await server.start().port
        let idle = try RawHTTPClient(port: port)
        try await onThread {
            try idle.send(Self.get)
            _ = try idle.readResponse()
        }
        let busy = try RawHTTPClient(port: port)
        try busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
        await started.wait()
        async let stopped: Void = server.shutdownGracefully(within: .seconds(30))
        // The idle connection closes although the other is still busy.
        #expect(try await onThread { try idle.readToEnd() }.isEmpty)
        await #expect(throws: RawHTTPClient.Failure.self) { try await onThread { _ = try RawHTTPClient(port: port) } }
        finish.open()
        let response = try await onThread { try busy.readResponse() }
        #expect(response.text == "done")
        #expect(response["Connection"] == "close")
        busy.close()
        await stopped
        #expect(server.connectionCount == 0)
    }

    @Test(.timeLimit(.minutes(1)))
    func graceEndsByForce() async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        let server = TestServer.make { _ in await Self.waitForCancellation(started: started, cancelled: cancelled) }
        let port = try await server.start().port
        let client = try RawHTTPClient(port: port)
        try client.send(Self.get)
        await started.wait()
        await server.shutdownGracefully(within: .milliseconds(100))
        await cancelled.wait()
        #expect(server.connectionCount == 0)
        #expect(try await onThread { try client.readToEnd() }.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func secondShutdownShortensTheGraceOfTheFirst() async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        let server = TestServer.make { _ in await Self.waitForCancellation(started: started, cancelled: cancelled) }
        let port = try await server.start().port
        let client = try RawHTTPClient(port: port)
        try client.send(Self.get)
        await started.wait()
        async let first: Void = server.shutdownGracefully(within: .seconds(3600))
        await server.shutdownGracefully(within: .milliseconds(100))
        await first
        #expect(server.connectionCount == 0)
        client.close()
    }

    @Test(.timeLimit(.minutes(1)), arguments: 0..<20)
    func shutdownWhileStartingStopsTheServer(attempt: Int) async throws {
        let server = TestServer.make(.init(), TestServer.echo)
        async let address = try? server.start()
        for _ in 0..<attempt { await Task.yield() }
        await server.shutdownGracefully(within: .zero)
        _ = await address
        #expect(server.boundAddress == nil)
        await #expect(throws: HTTPServerError.alreadyStarted) { try await server.start() }
    }

    @Test(.timeLimit(.minutes(1)))
    func runReturnsAfterShutdownAndAfterCancellation() async throws {
        let server = TestServer.make(.init(), TestServer.echo)
        async let running: Void = server.run()
        while server.boundAddress == nil { await Task.yield() }
        await server.shutdownGracefully(within: .zero)
        try await running

        let cancelled = TestServer.make(.init(), TestServer.echo)
        let task = Task { try await cancelled.run() }
        while cancelled.boundAddress == nil { await Task.yield() }
        task.cancel()
        try await task.value
        #expect(cancelled.boundAddress == nil)
    }
}
