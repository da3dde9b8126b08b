// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerBoundsTests {
    @Test(.timeLimit(.minutes(1)))
    func connectionBeyondTheBoundIs503WhileAllAreBusy() async throws {
        let (started, finish, told) = (AsyncGate(), AsyncGate(), AsyncGate())
        let refusals = Mutex<[HTTPRefusal]>([])
        let server = TestServer.make(.init(maxConnections: 1)) { refusal in
            refusals.withLock { $0.append(refusal) }
            told.open()
        } _: { request in
            started.open()
            await finish.wait()
            return .text("done")
        }
        let port = try await server.start().port
        let first = try RawHTTPClient(port: port)
        try first.send(TestServer.get)
        await started.wait()
        let second = try await onThread { try RawHTTPClient(port: port).readResponse() }
        #expect(second.status == 503)
        #expect(second["Retry-After"] == "1")
        await told.wait()
        let refusal = try #require(refusals.withLock { $0.first })
        #expect(refusal.status == .serviceUnavailable)
        #expect(refusal.bytes == second.body.count)
        #expect(refusal.client == IPAddress("127.0.0.1"))
        #expect(refusal.request == nil)
        finish.open()
        #expect(try await onThread { try first.readResponse() }.text == "done")
        await server.shutdownGracefully(within: .zero)
    }

    @Test func longestIdleConnectionMakesRoom() async throws {
        // One loop: on several the order is that of their clocks' readings.
        let configuration = HTTPServer.Configuration(maxConnections: 3, eventLoopCount: 1)
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let clients = try (0..<3).map { _ in try RawHTTPClient(port: port) }
            for index in [0, 1, 2, 0] {
                try clients[index].send(TestServer.get)
                #expect(try clients[index].readResponse().status == 200)
            }
            let newcomer = try RawHTTPClient(port: port)
            try newcomer.send(TestServer.get)
            #expect(try newcomer.readResponse().status == 200)
            #expect(try clients[1].readToEnd().isEmpty)
            for client in [clients[0], clients[2], newcomer] {
                try client.send(TestServer.get)
                #expect(try client.readResponse().status == 200)
            }
        }
    }

    @Test func silentConnectionMakesRoom() async throws {
        try await TestServer.with(.init(maxConnections: 1), handler: TestServer.echo) { port in
            let silent = try RawHTTPClient(port: port)
            // Until its loop has taken it over the silent one is not at rest.
            var status = 503
            while status == 503 {
                let client = try RawHTTPClient(port: port)
                try client.send(TestServer.get)
                status = try client.readResponse().status
            }
            #expect(status == 200)
            #expect(try silent.readToEnd().isEmpty)
        }
    }

    @Test func connectionInTheMiddleOfARequestMakesNoRoom() async throws {
        try await TestServer.with(.init(maxConnections: 1), handler: TestServer.echo) { port in
            let first = try RawHTTPClient(port: port)
            try first.send("GET / HT")
            var newcomer = try RawHTTPClient(port: port)
            // Before its first bytes have been read the connection is one at rest.
            while try newcomer.readResponse().status != 503 { newcomer = try RawHTTPClient(port: port) }
            try first.send("TP/1.1\r\nHost: a\r\n\r\n")
            #expect(try first.readResponse().status == 200)
        }
    }

    @Test func everyNewcomerIsServedWhileOthersIdle() async throws {
        try await TestServer.with(.init(maxConnections: 8), handler: TestServer.echo) { port in
            var clients: [RawHTTPClient] = []
            for _ in 0..<200 {
                let client = try RawHTTPClient(port: port)
                try client.send(TestServer.get)
                #expect(try client.readResponse().status == 200)
                clients.append(client)
            }
        }
    }

    @Test func addressBeyondItsBoundIs503() async throws {
        let configuration = HTTPServer.Configuration(maxConnectionsPerAddress: 1)
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let first = try RawHTTPClient(port: port)
            try first.send(TestServer.get)
            _ = try first.readResponse()
            #expect(try RawHTTPClient(port: port).readResponse().status == 503)
        }
    }
}
