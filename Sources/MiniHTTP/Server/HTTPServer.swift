// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Logging
import Synchronization

/// An HTTP/1.1 server (RFC 9110, RFC 9112) on non-blocking sockets and Dispatch.
///
/// Connections are spread over a fixed number of event loops, round robin. Handlers run as tasks on Swift's
/// cooperative pool; what blocks in a handler blocks a thread of that pool and not the server's sockets. TLS is the
/// business of a proxy in front.
///
/// The lock guards the lifecycle.
public final class HTTPServer: Sendable {
    private enum State: Sendable {
        case idle
        case starting
        case running(SocketListener, SocketAddress)
        case draining(SocketAddress)
        case stopped
    }

    private struct Lifecycle: Sendable {
        var state = State.idle
        /// Callers who wait until the server has stopped.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let configuration: Configuration
    private let logger: Logger
    private let budget: DescriptorBudget
    private let gate: ConnectionGate
    private let loops: [EventLoop]
    private let nextLoop = Atomic<Int>(0)
    /// The second in which a refused connection was last logged: a flood of them must not become a flood of lines.
    private let lastRefusalLog = Atomic<Int>(0)
    private let runner: HandlerRunner
    private let encoder: HTTPResponseEncoder
    private let acceptQueue = DispatchQueue(label: "minihttp.accept")
    private let lifecycle = Mutex(Lifecycle())
    /// Entered once for each open connection.
    private let connections = DispatchGroup()

    /// Makes a server that does nothing until `start` or `run`.
    public init(configuration: Configuration, handler: any HTTPHandler, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        budget = DescriptorBudget.obtain(wanted: max(1, configuration.maxConnections))
        gate = ConnectionGate(
            maxConnections: budget.maxConnections, maxConnectionsPerAddress: configuration.maxConnectionsPerAddress)
        loops = (0..<max(1, configuration.eventLoopCount)).map(EventLoop.init(index:))
        runner = HandlerRunner(handler: handler, logger: logger)
        encoder = HTTPResponseEncoder(serverName: configuration.serverName)
    }

    deinit {
        if case .running(let listener, _) = lifecycle.withLock({ $0.state }) {
            listener.stop {}
        }
        for loop in loops {
            loop.forEachConnection { $0.abort() }
        }
    }

    /// Where the server listens, with the port that the system chose for port 0; nil before `start` and after the end.
    public var boundAddress: SocketAddress? {
        lifecycle.withLock { lifecycle in
            switch lifecycle.state {
            case .running(_, let address), .draining(let address): address
            case .idle, .starting, .stopped: nil
            }
        }
    }

    /// How many connections are open.
    public var connectionCount: Int { gate.total }

    /// Starts, and returns when the server has been shut down. Cancelling the task closes everything at once.
    public func run() async throws {
        _ = try await start()
        await withTaskCancellationHandler {
            await waitUntilStopped()
        } onCancel: {
            Task { await shutdownGracefully(within: .zero) }
        }
    }

    /// Binds and listens; when it returns, connections are accepted. Throws a `SocketError` such as
    /// `cannot listen on 127.0.0.1:8080: Address already in use`.
    public func start() async throws -> SocketAddress {
        guard configuration.serverName?.utf8.allSatisfy(ASCII.isFieldContent) ?? true else {
            throw HTTPServerError.invalidServerName
        }
        try lifecycle.withLock { lifecycle in
            guard case .idle = lifecycle.state else { throw HTTPServerError.alreadyStarted }
            lifecycle.state = .starting
        }
        let socket: Socket
        do {
            socket = try await bind()
        } catch {
            lifecycle.withLock { lifecycle in
                if case .starting = lifecycle.state { lifecycle.state = .idle }
            }
            throw error
        }
        let address = socket.localAddress ?? SocketAddress(host: configuration.host, port: configuration.port)
        let listener = SocketListener(socket: socket, queue: acceptQueue, logger: logger) { [weak self] in
            self?.accepted($0, from: $1)
        }
        let isWanted = lifecycle.withLock { lifecycle in
            guard case .starting = lifecycle.state else { return false }
            lifecycle.state = .running(listener, address)
            // Within the lock, so that nothing can stop the listener before it has started.
            listener.start()
            return true
        }
        guard isWanted else {
            // A Dispatch source must have been started before it is let go.
            listener.start()
            listener.stop {}
            throw HTTPServerError.shutDown
        }
        logger.info("listening", metadata: ["address": "\(address)"])
        if budget.maxConnections < configuration.maxConnections {
            logger.warning(
                "the limit on open files allows fewer connections than configured",
                metadata: ["configured": "\(configuration.maxConnections)", "allowed": "\(budget.maxConnections)"])
        }
        return address
    }

    /// The lookup of a host name blocks, so it runs on a queue.
    private func bind() async throws -> Socket {
        try await withCheckedThrowingContinuation { continuation in
            // Dispatch opens a descriptor for its first timer and traps when there is none left, so that happens here
            // and not under load.
            acceptQueue.asyncAfter(deadline: .now() + .milliseconds(1)) { [configuration] in
                continuation.resume(
                    with: Result {
                        try Socket.listening(
                            host: configuration.host, port: configuration.port, backlog: configuration.backlog)
                    })
            }
        }
    }

    /// Stops accepting, answers the requests in flight with `Connection: close`, closes idle connections at once, and
    /// closes the rest when `grace` is over. Returns when everything is closed. A second call can only shorten the
    /// grace of the first.
    public func shutdownGracefully(within grace: Duration) async {
        let previous = lifecycle.withLock { lifecycle in
            let previous = lifecycle.state
            switch previous {
            case .idle, .starting: lifecycle.state = .stopped
            case .running(_, let address): lifecycle.state = .draining(address)
            case .draining, .stopped: break
            }
            return previous
        }
        switch previous {
        case .idle, .starting, .stopped: return
        case .draining:
            await closeConnections(within: grace)
            await waitUntilStopped()
        case .running(let listener, _):
            await withCheckedContinuation { continuation in
                listener.stop { continuation.resume() }
            }
            for loop in loops {
                loop.forEachConnection { $0.shutdown() }
            }
            await closeConnections(within: grace)
            finish()
        }
    }

    private func closeConnections(within grace: Duration) async {
        await waitForConnections(atMost: grace)
        for loop in loops {
            loop.forEachConnection { $0.abort() }
        }
        await waitForConnections(atMost: nil)
    }

    private func finish() {
        let waiters = lifecycle.withLock { lifecycle in
            lifecycle.state = .stopped
            defer { lifecycle.waiters = [] }
            return lifecycle.waiters
        }
        logger.info("stopped")
        for waiter in waiters {
            waiter.resume()
        }
    }

    private func waitUntilStopped() async {
        await withCheckedContinuation { continuation in
            let isStopped = lifecycle.withLock { lifecycle in
                if case .stopped = lifecycle.state { return true }
                lifecycle.waiters.append(continuation)
                return false
            }
            if isStopped {
                continuation.resume()
            }
        }
    }

    private func waitForConnections(atMost limit: Duration?) async {
        await withCheckedContinuation { continuation in
            let once = ResumeOnce(continuation)
            connections.notify(queue: acceptQueue) { once.resume() }
            if let limit {
                let nanoseconds = min(limit, .seconds(1_000_000)) / .nanoseconds(1)
                acceptQueue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { once.resume() }
            }
        }
    }

    /// Gives a new connection to the next event loop, or turns it away.
    private func accepted(_ socket: Socket, from address: SocketAddress?) {
        let refusal = Int(socket.descriptor) >= budget.firstRefusedDescriptor ? .noDescriptor : gate.enter(address)
        if let refusal {
            return refuse(socket, from: address, because: refusal)
        }
        connections.enter()
        let index = nextLoop.wrappingAdd(1, ordering: .relaxed).oldValue
        let loop = loops[Int(UInt(bitPattern: index) % UInt(loops.count))]
        let settings = HTTPConnection.StateMachine.Settings(
            limits: configuration.limits, timeouts: configuration.timeouts,
            maxPipelinedRequests: max(1, configuration.maxPipelinedRequests),
            maxWriteBufferBytes: max(1, configuration.maxWriteBufferBytes))
        let connection = HTTPConnection(
            socket: socket, remoteAddress: address, loop: loop, runner: runner, settings: settings, encoder: encoder,
            onClosed: { [gate, connections] in
                gate.leave(address)
                connections.leave()
            })
        loop.queue.async { connection.start() }
    }

    private func refuse(_ socket: Socket, from address: SocketAddress?, because refusal: ConnectionGate.Refusal) {
        let second = time(nil)
        if lastRefusalLog.exchange(second, ordering: .relaxed) != second {
            logger.warning(
                "connections are refused", metadata: ["reason": "\(refusal)", "from": "\(address?.host ?? "-")"])
        }
        ConnectionRefusal.refuse(socket, encoder: encoder)
    }
}
