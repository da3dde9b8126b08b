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

    @Test func stoppingDuringAPauseClosesTheSocket() async throws {
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
