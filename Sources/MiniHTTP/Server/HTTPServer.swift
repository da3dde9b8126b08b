// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging
import Synchronization

/// An HTTP/1.1 server (RFC 9110, RFC 9112) on non-blocking sockets, epoll and Dispatch.
///
/// Connections are spread over a fixed number of event loops, round robin. Handlers run as tasks that start on the
/// connection's loop and go on on Swift's cooperative pool. TLS is the business of a proxy in front.
///
/// The lock guards the lifecycle.
public final class HTTPServer: Sendable {
    enum State: Sendable {
        case idle
        case starting
        case running(SocketListener, SocketAddress, [EventLoop])
        case draining(SocketAddress, [EventLoop])
        case stopped
    }

    struct Lifecycle: Sendable {
        var state = State.idle
        /// Callers who wait until the server has stopped.
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    let configuration: Configuration
    let logger: Logger
    let budget: DescriptorBudget
    let gate: ConnectionGate
    let trustedProxies: TrustedProxies
    let runner: HandlerRunner
    let onRefusal: @Sendable (HTTPRefusal) -> Void
    let encoder: HTTPResponseEncoder
    let nextLoop = Atomic<Int>(0)
    /// The second in which a refused connection was last logged: a flood of them must not become a flood of lines.
    let lastRefusalLog = Atomic<Int>(0)
    let acceptQueue = DispatchQueue(label: "minihttp.accept")
    let lifecycle = Mutex(Lifecycle())
    /// Entered once for each open connection.
    let connections = DispatchGroup()

    /// Makes a server that does nothing until `start` or `run`.
    ///
    /// `onRefusal` is told of what is answered without the handler, and so without its middleware. It is called on the
    /// threads that serve and accept, and must not hold them up.
    public init(
        configuration: Configuration, handler: any HTTPHandler, logger: Logger,
        onRefusal: @escaping @Sendable (HTTPRefusal) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.onRefusal = onRefusal
        self.logger = logger
        budget = DescriptorBudget.obtain(wanted: max(1, configuration.maxConnections))
        trustedProxies = TrustedProxies(configuration.trustedProxies)
        gate = ConnectionGate(
            maxConnections: budget.maxConnections, maxConnectionsPerAddress: configuration.maxConnectionsPerAddress,
            trustedProxies: trustedProxies)
        runner = HandlerRunner(handler: handler, logger: logger)
        encoder = HTTPResponseEncoder(serverName: configuration.serverName)
    }

    deinit {
        if case .running(let listener, _, let loops) = lifecycle.withLock({ $0.state }) {
            listener.stop {}
            for loop in loops {
                loop.forEachConnection { $0.abort() }
                loop.stop()
            }
        }
    }

    /// Where the server listens, with the port that the system chose for port 0; nil before `start` and after the end.
    public var boundAddress: SocketAddress? {
        lifecycle.withLock { lifecycle in
            switch lifecycle.state {
            case .running(_, let address, _), .draining(let address, _): address
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
        let loops: [EventLoop]
        do {
            loops = try (0..<max(1, configuration.eventLoopCount)).map { try EventLoop(index: $0) }
            socket = try await bind()
        } catch {
            lifecycle.withLock { lifecycle in
                if case .starting = lifecycle.state { lifecycle.state = .idle }
            }
            throw error
        }
        let address = socket.localAddress ?? SocketAddress(host: configuration.host, port: configuration.port)
        let listener = SocketListener(socket: socket, queue: acceptQueue, logger: logger) { [weak self] in
            self?.accepted($0, from: $1, loops)
        }
        let isWanted = lifecycle.withLock { lifecycle in
            guard case .starting = lifecycle.state else { return false }
            lifecycle.state = .running(listener, address, loops)
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
        for loop in loops {
            loop.start()
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
}
