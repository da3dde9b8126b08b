// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MiniHTTP

@Suite struct HTTPServerLifecycleTests {
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
                try client.send(TestServer.get)
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
        // A loop tells all its connections in one turn, so with one loop the idle one's end proves that the busy one knows.
        let server = TestServer.make(.init(eventLoopCount: 1)) { request in
            if request.path == "/slow" {
                started.open()
                await finish.wait()
            }
            return .text("done")
        }
        let port = try await server.start().port
        let idle = try RawHTTPClient(port: port)
        try await onThread {
            try idle.send(TestServer.get)
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
    func requestOfAConnectionThatWaitsToBeAcceptedIsAnswered() async throws {
        let server = TestServer.make(.init(), TestServer.echo)
        let port = try await server.start().port
        server.acceptQueue.suspend()
        let client = try RawHTTPClient(port: port)
        try client.send(TestServer.get)
        async let stopped: Void = server.shutdownGracefully(within: .seconds(30))
        server.acceptQueue.resume()
        #expect(try await onThread { try client.readResponse() }.status == 200)
        #expect(try await onThread { try client.readToEnd() }.isEmpty)
        client.close()
        await stopped
    }

    /// A server that has a client's request in progress until that is cancelled.
    private static func serverThatWaits(_ cancelled: AsyncGate) async throws -> (HTTPServer, RawHTTPClient) {
        let started = AsyncGate()
        let server = TestServer.make { _ in
            await TestServer.waitForCancellation(started: started, cancelled: cancelled)
        }
        let client = try RawHTTPClient(port: try await server.start().port)
        try client.send(TestServer.get)
        await started.wait()
        return (server, client)
    }

    @Test(.timeLimit(.minutes(1)))
    func graceEndsByForce() async throws {
        let cancelled = AsyncGate()
        let (server, client) = try await Self.serverThatWaits(cancelled)
        await server.shutdownGracefully(within: .milliseconds(100))
        await cancelled.wait()
        #expect(server.connectionCount == 0)
        #expect(try await onThread { try client.readToEnd() }.isEmpty)
    }

    @Test(.timeLimit(.minutes(1)))
    func secondShutdownShortensTheGraceOfTheFirst() async throws {
        let (server, client) = try await Self.serverThatWaits(AsyncGate())
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
