// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import MiniHTTP

@Suite struct OutputBufferTests {
    /// A pair of connected non-blocking sockets with small buffers.
    private func pair() throws -> (Socket, Socket) {
        let (near, far) = try Socket.pair()
        var size: Int32 = 4096
        setsockopt(near.descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        return (near, far)
    }

    private func drain(_ socket: Socket) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1000)
        while case .bytes(let count) = try buffer.withUnsafeMutableBytes({ try socket.read(into: $0) }) {
            all += buffer[..<count]
        }
        return all
    }

    @Test func partialWritesKeepTheOrder() throws {
        let (near, far) = try pair()
        defer {
            near.close()
            far.close()
        }
        // More arrays than one call takes, of sizes that never meet the socket's.
        let chunks = (0..<40).map { [UInt8](repeating: UInt8($0), count: 1 + $0 * 331) }
        var output = OutputBuffer()
        for chunk in chunks {
            output.append(chunk)
        }
        let total = output.count
        var received: [UInt8] = []
        var written = 0
        var rounds = 0
        while output.count > 0 {
            written += try output.flush(to: near)
            #expect(written + output.count == total)
            received += try drain(far)
            rounds += 1
        }
        #expect(rounds > 1)
        #expect(received == Array(chunks.joined()))
    }

    @Test func closedPeerIsAnErrorAndNotASignal() throws {
        let (near, far) = try pair()
        defer { near.close() }
        far.close()
        var output = OutputBuffer()
        output.append([1])
        let error = #expect(throws: SocketError.self) { try output.flush(to: near) }
        #expect(error?.code == EPIPE)
    }

    @Test func emptyChunksCountForNothing() throws {
        var output = OutputBuffer()
        output.append([])
        #expect(output.count == 0)
    }
}
