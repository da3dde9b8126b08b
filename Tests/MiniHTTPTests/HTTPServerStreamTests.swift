// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import TestSupport
import Testing

@Suite struct HTTPServerStreamTests {
    private struct Failure: Error {}

    /// What `onEnd` tells.
    private struct End: Equatable {
        let bytes: Int
        let outcome: HTTPBodyStream.Outcome
    }

    private final class Ends: Sendable {
        let all = Mutex<[End]>([])
        let told = AsyncGate()

        func observe(_ stream: HTTPBodyStream) -> HTTPBodyStream {
            stream.onEnd { bytes, outcome in
                self.all.withLock { $0.append(End(bytes: bytes, outcome: outcome)) }
                self.told.open()
            }
        }
    }

    @Test func pieceIsSentBeforeTheNextIsMade() async throws {
        let isRead = AsyncGate()
        try await TestServer.with { _ in
            HTTPResponse(
                stream: HTTPBodyStream { send in
                    try await send(Array("one".utf8))
                    await isRead.wait()
                    try await send([])
                    try await send(Array("two".utf8))
                })
        } test: { port in
            let client = try RawHTTPClient(port: port)
            for _ in 0..<2 {
                try client.send(TestServer.get)
                #expect(try client.readResponse(isHead: true)["Transfer-Encoding"] == "chunked")
                #expect(try client.readChunk() == Array("one".utf8))
                isRead.open()
                #expect(try client.readChunk() == Array("two".utf8))
                #expect(try client.readChunk() == nil)
            }
        }
    }

    @Test func elementsOfASequenceAreTheBody() async throws {
        try await TestServer.with { _ in
            let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
            for piece in ["a", "", "bc"] {
                continuation.yield(Array(piece.utf8))
            }
            continuation.finish()
            return HTTPResponse(stream: HTTPBodyStream(pieces))
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get + TestServer.get)
            #expect(try client.readResponse().text == "abc")
            #expect(try client.readResponse().text == "abc")
        }
    }

    @Test func http10GetsTheBareBytes() async throws {
        try await TestServer.with { _ in
            HTTPResponse(stream: HTTPBodyStream { try await $0(Array("abc".utf8)) })
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let text = try client.readToEnd()
            #expect(text.hasSuffix("\r\nConnection: close\r\n\r\nabc"))
            #expect(!text.contains("Content-Length") && !text.contains("Transfer-Encoding"))
        }
    }

    @Test func headRunsNothing() async throws {
        let ends = Ends()
        try await TestServer.with { request in
            if request.method == .get { return .text("next") }
            return HTTPResponse(stream: ends.observe(HTTPBodyStream { try await $0([0x61]) }))
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + TestServer.get)
            #expect(try client.readResponse(isHead: true)["Transfer-Encoding"] == "chunked")
            #expect(try client.readResponse().text == "next")
        }
        #expect(ends.all.withLock { $0 } == [End(bytes: 0, outcome: .abandoned)])
    }

    @Test func makerIsHeldUpByAClientThatDoesNotRead() async throws {
        // The socket takes a part of the first of these; the maker must not get through them all.
        let made = Atomic(0)
        let configuration = HTTPServer.Configuration(maxWriteBufferBytes: 64 * 1024)
        let piece = [UInt8](repeating: 0x61, count: 1024 * 1024)
        try await TestServer.with(configuration) { request in
            if request.path == "/made" { return .text("\(made.load(ordering: .relaxed))") }
            return HTTPResponse(
                stream: HTTPBodyStream { send in
                    for _ in 0..<100 {
                        made.wrappingAdd(1, ordering: .relaxed)
                        try await send(piece)
                    }
                })
        } test: { port in
            let client = try RawHTTPClient(port: port, receiveBufferBytes: 4096)
            try client.send(TestServer.get)
            #expect(try client.readResponse(isHead: true).status == 200)
            // Other clients are served meanwhile, for as long as the maker makes progress.
            let other = try RawHTTPClient(port: port)
            var last = 0
            var unchanged = 0
            while last < 1 || unchanged < 200 {
                try other.send("GET /made HTTP/1.1\r\nHost: a\r\n\r\n")
                let now = try #require(Int(try other.readResponse().text))
                unchanged = now == last ? unchanged + 1 : 0
                last = now
            }
            #expect((1...4).contains(last))
            var total = 0
            while let chunk = try client.readChunk() {
                total += chunk.count
            }
            #expect(total == 100 * piece.count)
        }
        #expect(made.load(ordering: .relaxed) == 100)
    }

    @Test func departedClientCancelsTheStream() async throws {
        let ends = Ends()
        try await TestServer.with { _ in
            HTTPResponse(
                stream: ends.observe(
                    HTTPBodyStream { send in
                        while true { try await send([0x61]) }
                    }))
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse(isHead: true).status == 200)
            client.close()
        }
        await ends.told.wait()
        #expect(ends.all.withLock { $0.map(\.outcome) } == [.abandoned])
    }

    @Test func streamThatWaitsForSomethingElseIsCancelledToo() async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        try await TestServer.with { _ in
            HTTPResponse(
                stream: HTTPBodyStream { send in
                    try await send([0x61])
                    _ = await TestServer.waitForCancellation(started: started, cancelled: cancelled)
                })
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse(isHead: true).status == 200)
            #expect(try client.readChunk() == [0x61])
            client.reset()
        }
        await cancelled.wait()
    }

    @Test func failureInTheMiddleIsNoEnd() async throws {
        let ends = Ends()
        try await TestServer.with { _ in
            HTTPResponse(
                stream: ends.observe(
                    HTTPBodyStream { send in
                        try await send(Array("part".utf8))
                        throw Failure()
                    }))
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            // The reset may overtake what was sent.
            #expect(throws: RawHTTPClient.Failure.self) {
                _ = try client.readResponse()
            }
        }
        await ends.told.wait()
        #expect(ends.all.withLock { $0 } == [End(bytes: 4, outcome: .failed)])
    }

    @Test func completeStreamIsToldOnce() async throws {
        let ends = Ends()
        try await TestServer.with { _ in
            HTTPResponse(stream: ends.observe(HTTPBodyStream { try await $0(Array("abc".utf8)) }))
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get)
            #expect(try client.readResponse().text == "abc")
        }
        await ends.told.wait()
        #expect(ends.all.withLock { $0 } == [End(bytes: 3, outcome: .complete)])
    }

    @Test func headThatCannotBeSentIsA500AndTheStreamDoesNotRun() async throws {
        try await TestServer.with { request in
            if request.path == "/next" { return .text("next") }
            return HTTPResponse(headers: ["X": "a\r\nb"], stream: HTTPBodyStream { try await $0([0x61]) })
        } test: { port in
            let client = try RawHTTPClient(port: port)
            try client.send(TestServer.get + "GET /next HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try client.readResponse()
            #expect(response.status == 500)
            #expect(response["Content-Length"] != nil)
            #expect(try client.readResponse().text == "next")
        }
    }

    @Test func endOfTheGraceCancelsTheStream() async throws {
        let (started, cancelled) = (AsyncGate(), AsyncGate())
        let server = TestServer.make { _ in
            HTTPResponse(
                stream: HTTPBodyStream { _ in
                    _ = await TestServer.waitForCancellation(started: started, cancelled: cancelled)
                })
        }
        let port = try await server.start().port
        let client = try RawHTTPClient(port: port)
        try client.send(TestServer.get)
        await started.wait()
        await server.shutdownGracefully(within: .zero)
        await cancelled.wait()
        #expect(server.connectionCount == 0)
    }
}
