// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Logging
import Synchronization
import TestSupport
import Testing

@testable import MiniHTTP

@Suite struct SocketListenerTests {
    @Test(.timeLimit(.minutes(1)), arguments: [EMFILE, ENFILE, ENOMEM])
    func acceptingPausesAndGoesOn(code: Int32) async throws {
        let socket = try Socket.listening(host: "127.0.0.1", port: 0, backlog: 8)
        let port = try #require(socket.localAddress?.port)
        let calls = Mutex(0)
        let accepted = AsyncGate()
        let started = ContinuousClock.now
        let listener = SocketListener(
            socket: socket, queue: DispatchQueue(label: "test"), logger: TestServer.silentLogger,
            accept: {
                let call = calls.withLock { calls in
                    calls += 1
                    return calls
                }
                return call < 3 ? .failed(SocketError("cannot accept", errno: code)) : socket.accept()
            },
            onAccept: { connection, _ in
                connection.close()
                accepted.open()
            })
        listener.start()
        let client = try RawHTTPClient(port: port)
        await accepted.wait()
        // Two failures, two pauses of a tenth of a second: the source did not spin meanwhile.
        #expect(ContinuousClock.now - started >= .milliseconds(200))
        #expect(calls.withLock { $0 } <= 4)
        client.close()
        await withCheckedContinuation { continuation in
            listener.stop { continuation.resume() }
        }
    }

    @Test(arguments: [
        (EAGAIN, "wouldBlock"), (EINTR, "lost"), (ECONNABORTED, "lost"), (EPROTO, "lost"), (ENETUNREACH, "lost"),
        (EPERM, "lost"), (EMFILE, "failed"), (ENFILE, "failed"), (ENOBUFS, "failed"), (ENOMEM, "failed"),
        (EBADF, "failed"),
    ])
    func errorOfOneConnectionIsNotTheListeners(code: Int32, outcome: String) {
        let description =
            switch Socket.acceptance(errno: code) {
            case .wouldBlock: "wouldBlock"
            case .lost: "lost"
            case .failed: "failed"
            case .accepted: "accepted"
            }
        #expect(description == outcome)
    }

    @Test func connectionThatDiedInTheQueueHidesNoOther() async throws {
        let socket = try Socket.listening(host: "127.0.0.1", port: 0, backlog: 8)
        let port = try #require(socket.localAddress?.port)
        let calls = Mutex(0)
        let accepted = AsyncGate()
        let listener = SocketListener(
            socket: socket, queue: DispatchQueue(label: "test"), logger: TestServer.silentLogger,
            accept: {
                let isFirst = calls.withLock { calls in
                    calls += 1
                    return calls == 1
                }
                return isFirst ? .lost : socket.accept()
            },
            onAccept: { connection, _ in
                connection.close()
                accepted.open()
            })
        listener.start()
        let client = try RawHTTPClient(port: port)
        await accepted.wait()
        client.close()
        await withCheckedContinuation { continuation in
            listener.stop { continuation.resume() }
        }
    }

    @Test(.timeLimit(.minutes(1))) func whatWaitsIsAcceptedBeforeTheSocketCloses() async throws {
        let socket = try Socket.listening(host: "127.0.0.1", port: 0, backlog: 8)
        let port = try #require(socket.localAddress?.port)
        let queue = DispatchQueue(label: "test")
        let accepted = Mutex(0)
        let listener = SocketListener(socket: socket, queue: queue, logger: TestServer.silentLogger) { connection, _ in
            accepted.withLock { $0 += 1 }
            connection.close()
        }
        queue.suspend()
        listener.start()
        // First in the queue: the source finds nothing before it.
        let stopped = AsyncGate()
        listener.stop { stopped.open() }
        let clients = try (0..<3).map { _ in try RawHTTPClient(port: port) }
        queue.resume()
        await stopped.wait()
        #expect(accepted.withLock { $0 } == 3)
        for client in clients {
            #expect(try client.readToEnd().isEmpty)
        }
    }

    /// A listener that has started and finds no descriptor to accept with; the gate opens at its first try.
    private func listenerWithoutDescriptors() throws -> (listener: SocketListener, port: Int, paused: AsyncGate) {
        let socket = try Socket.listening(host: "127.0.0.1", port: 0, backlog: 8)
        let port = try #require(socket.localAddress?.port)
        let paused = AsyncGate()
        let listener = SocketListener(
            socket: socket, queue: DispatchQueue(label: "test"), logger: TestServer.silentLogger,
            accept: {
                paused.open()
                return .failed(SocketError("cannot accept", errno: EMFILE))
            },
            onAccept: { connection, _ in connection.close() })
        listener.start()
        return (listener, port, paused)
    }

    @Test(.timeLimit(.minutes(1))) func whatWaitsDuringAPauseIsClosedWithTheSocket() async throws {
        let (listener, port, paused) = try listenerWithoutDescriptors()
        let client = try RawHTTPClient(port: port)
        await paused.wait()
        await withCheckedContinuation { continuation in
            listener.stop { continuation.resume() }
        }
        // Not one that hangs.
        let failure = #expect(throws: RawHTTPClient.Failure.self) { try client.readToEnd() }
        #expect(failure?.code == ECONNRESET)
    }

    @Test func kernelTakesLittleForAClientThatDoesNotRead() throws {
        let listening = try Socket.listening(host: "127.0.0.1", port: 0, backlog: 8)
        defer { listening.close() }
        let client = try RawHTTPClient(port: try #require(listening.localAddress?.port), receiveBufferBytes: 4096)
        defer { client.close() }
        guard case .accepted(let socket, _) = listening.accept() else {
            Issue.record("no connection")
            return
        }
        defer { socket.close() }
        var output = OutputBuffer()
        output.append([UInt8](repeating: 0, count: 8_000_000))
        #expect(try output.flush(to: socket) < 512 * 1024)
    }

    @Test func stoppingDuringAPauseClosesTheSocket() async throws {
        let (listener, port, paused) = try listenerWithoutDescriptors()
        _ = try RawHTTPClient(port: port)
        await paused.wait()
        await withCheckedContinuation { continuation in
            listener.stop { continuation.resume() }
        }
        #expect(throws: RawHTTPClient.Failure.self) { try RawHTTPClient(port: port) }
    }

    @Test(arguments: [
        // wanted, soft limit, connections, first refused descriptor
        (10_000, 20_000, 10_000, 19_984), (10_000, 1024, 960, 1008), (100, 60, 30, 53),
    ])
    func connectionsLeaveDescriptorsToTheRestOfTheProcess(wanted: Int, limit: Int, connections: Int, refused: Int) {
        let budget = DescriptorBudget(wanted: wanted, softLimit: limit)
        #expect(budget.maxConnections == connections)
        #expect(budget.firstRefusedDescriptor == refused)
    }
}
