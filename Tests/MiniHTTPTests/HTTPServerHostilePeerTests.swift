// SPDX-License-Identifier: Apache-2.0

import Glibc
import MiniHTTP
import TestSupport
import Testing

@Suite struct HTTPServerHostilePeerTests {
    @Test func slowHeaderIs408() async throws {
        let configuration = HTTPServer.Configuration(timeouts: .init(header: .milliseconds(200)))
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET / HTTP/1.1\r\nHost:")
            #expect(try client.readResponse().status == 408)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func slowBodyIs408() async throws {
        // By then the timer is set for the header, far later.
        let configuration = HTTPServer.Configuration(timeouts: .init(header: .seconds(3600), body: .milliseconds(200)))
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\na")
            #expect(try client.readResponse().status == 408)
            #expect(try client.readToEnd().isEmpty)
        }
    }

    @Test func idleConnectionIsClosed() async throws {
        let configuration = HTTPServer.Configuration(timeouts: .init(idle: .milliseconds(200)))
        try await TestServer.with(configuration, handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
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
            try client.send(TestServer.get)
            while server.connectionCount == 0 { usleep(1000) }
            while server.connectionCount > 0 { usleep(1000) }
            #expect(throws: RawHTTPClient.Failure.self) { try client.readToEnd() }
        }
        await server.shutdownGracefully(within: .zero)
    }

    @Test(.timeLimit(.minutes(1)))
    func crowdOfHostilePeersDropsNobodysRequest() async throws {
        let body = [UInt8](repeating: 0x61, count: 1_000_000)
        try await TestServer.with { request in
            request.path == "/large" ? HTTPResponse(body: body) : .text("served")
        } test: { port in
            // Each waits for the server, or makes it wait, in another way.
            let openings = [
                "", "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                String(repeating: "GET /large HTTP/1.1\r\nHost: a\r\n\r\n", count: 20),
            ]
            let crowd = try (0..<100).map { index in
                let client = try RawHTTPClient(port: port, receiveBufferBytes: 4096)
                try client.send(openings[index % openings.count])
                return client
            }
            let client = try RawHTTPClient(port: port)
            for round in 0..<200 {
                try client.send(TestServer.get)
                #expect(try client.readResponse().text == "served")
                // Meanwhile they leave, one after the other, with and without a word.
                if round.isMultiple(of: 4) { crowd[round / 4].reset() }
                if round % 4 == 1 { crowd[50 + round / 4].close() }
            }
        }
    }

    @Test func halfClosedClientIsAnswered() async throws {
        try await TestServer.with(handler: TestServer.echo) { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            client.shutdownWrite()
            #expect(try client.readResponse().text == "GET / ")
            #expect(try client.readToEnd().isEmpty)
        }
    }

    enum Departure: CaseIterable, Sendable {
        case reset
        case close
    }

    @Test(.timeLimit(.minutes(1)), arguments: Departure.allCases)
    func clientThatLeavesCancelsItsHandler(_ departure: Departure) async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        let configuration = HTTPServer.Configuration(timeouts: .init(halfClosedProbe: .milliseconds(100)))
        let server = TestServer.make(configuration) { _ in
            await TestServer.waitForCancellation(started: started, cancelled: cancelled)
        }
        let port = try await server.start().port
        let client = try RawHTTPClient(port: port)
        try client.send(TestServer.get)
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
            try last.send(TestServer.get)
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
                try client.send(TestServer.get)
                client.reset()
            }
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse().body.count == body.count)
        }
        await server.shutdownGracefully(within: .seconds(5))
        #expect(server.connectionCount == 0)
    }
}
