// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import MiniHTTP

@Suite struct EventLoopFairnessTests {
    private static let configuration = HTTPServer.Configuration()

    /// A connection that its client has sent everything on, and the client's end.
    private func connection(
        on loop: EventLoop, _ handler: ClosureHandler, sent bytes: [UInt8]
    ) throws -> (HTTPConnection, Socket) {
        let (socket, client) = try Socket.pair()
        var output = OutputBuffer()
        output.append(bytes)
        #expect(try output.flush(to: client) == bytes.count)
        let connection = HTTPConnection(
            socket: socket, remoteAddress: nil, peer: nil, trustedProxies: TrustedProxies([]),
            loop: loop, runner: HandlerRunner(handler: handler, logger: TestServer.silentLogger),
            settings: .init(), encoder: HTTPResponseEncoder(serverName: nil), onRefusal: { _ in }, onClosed: {})
        return (connection, client)
    }

    @Test(.timeLimit(.minutes(1))) func connectionWithMuchToReadLetsOthersHaveTheirTurn() async throws {
        let loop = try EventLoop(index: 0, readBufferBytes: 1024)
        let order = Mutex<[String]>([])
        let done = AsyncGate()
        let handler = ClosureHandler { request in
            let count = order.withLock { order in
                order.append(request.path)
                return order.count
            }
            if count == 2 { done.open() }
            return HTTPResponse()
        }
        // Read to its end in one go, the first would be answered first.
        let body = [UInt8](repeating: 0, count: 32 * 1024)
        let head = "POST /much HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n"
        let (much, muchClient) = try connection(on: loop, handler, sent: Array(head.utf8) + body)
        let (little, littleClient) = try connection(
            on: loop, handler, sent: Array("GET /little HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        loop.execute {
            much.start()
            little.start()
        }
        loop.start()
        await done.wait()
        #expect(order.withLock { $0 } == ["/little", "/much"])
        await withCheckedContinuation { continuation in
            loop.execute {
                much.abort()
                little.abort()
                continuation.resume()
            }
        }
        loop.stop()
        muchClient.close()
        littleClient.close()
    }
}
