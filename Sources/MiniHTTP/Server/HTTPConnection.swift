// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging

/// One client's connection: carries bytes and events to the state machine, and does what it says.
///
/// `@unchecked Sendable` because everything mutable is touched only on the queue of `loop`.
final class HTTPConnection: @unchecked Sendable {
    /// How often a connection reads before it lets others on its loop have their turn.
    private static let readsInARow = 8

    private let loop: EventLoop
    private let remoteAddress: SocketAddress?
    private let runner: HandlerRunner
    private let encoder: HTTPResponseEncoder
    private let logger: Logger
    private let socket: Socket
    private let onClosed: @Sendable () -> Void
    /// Nil before `start` and after closing.
    private var channel: SocketChannel?
    private var machine: StateMachine
    private var output = OutputBuffer()
    private var tasks: [StateMachine.RequestID: Task<Void, Never>] = [:]
    private var timer: TimerWheel<HTTPConnection>.Token?
    private var scheduledDeadline: ContinuousClock.Instant?

    /// Takes over `socket`. `onClosed` is called once the descriptor is closed.
    init(
        socket: Socket, remoteAddress: SocketAddress?, loop: EventLoop, runner: HandlerRunner,
        settings: StateMachine.Settings, encoder: HTTPResponseEncoder, onClosed: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.remoteAddress = remoteAddress
        self.loop = loop
        self.runner = runner
        self.encoder = encoder
        self.onClosed = onClosed
        logger = runner.logger
        machine = StateMachine(settings: settings, now: .now)
    }

    /// Starts reading. Like every method here, runs on the loop's queue.
    func start() {
        channel = SocketChannel(
            socket: socket, queue: loop.queue,
            onReadable: { [weak self] in self?.readable() },
            onWritable: { [weak self] in self?.perform([]) },
            onClosed: onClosed)
        loop.add(self)
        perform([])
    }

    /// Answers what is in flight and closes; an idle connection closes at once.
    func shutdown() {
        // A request that has already come counts as in flight.
        readable()
        perform(machine.shutdown(now: .now))
    }

    /// Closes whatever is in flight.
    func abort() {
        perform(machine.abort())
    }

    /// The loop's timer found a deadline that has passed.
    func deadlineReached() {
        timer = nil
        scheduledDeadline = nil
        perform(machine.deadlineReached(now: .now))
    }

    /// Reads until there is no more: after a hang-up Dispatch calls once and never again, so what is left unread then,
    /// the end of the input or a reset, would stay unseen.
    private func readable() {
        for _ in 0..<Self.readsInARow {
            guard channel != nil, machine.wantsRead, readOnce() else { return }
        }
        // Others on this loop have their turn first.
        readLater()
    }

    private func readLater() {
        loop.queue.async { [weak self] in self?.readable() }
    }

    /// Returns whether there may be more.
    private func readOnce() -> Bool {
        do {
            switch try socket.read(into: loop.readBuffer) {
            case .bytes(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count])
                perform(machine.received(bytes, now: .now))
                return true
            case .end: perform(machine.receivedEnd(now: .now))
            case .wouldBlock: break
            }
        } catch {
            logger.debug("a connection broke", metadata: ["error": "\(error)"])
            perform(machine.failed())
        }
        return false
    }

    /// Performs actions and those that follow from them, then sets the sources and the timer as the machine wants.
    private func perform(_ actions: [StateMachine.Action]) {
        var actions = actions
        repeat {
            for action in actions {
                perform(action)
            }
            actions = flush()
        } while !actions.isEmpty
        guard let channel else { return }
        if channel.setReading(machine.wantsRead), machine.wantsRead {
            // A hang-up during the pause may have used up the source's last event.
            readLater()
        }
        channel.setAwaitingWritable(output.count > 0)
        updateTimer()
    }

    private func perform(_ action: StateMachine.Action) {
        switch action {
        case .start(let id, let request): startHandler(id, request)
        case .send(let response, let context): send(response, context)
        case .sendInterim(let status): output.append(HTTPResponseEncoder.interim(status))
        case .cancel(let id): tasks.removeValue(forKey: id)?.cancel()
        case .shutdownWrite: socket.shutdownWrite()
        case .close: close()
        case .reset:
            socket.resetOnClose()
            close()
        }
    }

    private func startHandler(_ id: StateMachine.RequestID, _ request: HTTPRequest) {
        var request = request
        request.remoteAddress = remoteAddress
        tasks[id] = runner.run(request, returningOn: loop.queue) { [weak self] response in
            guard let self else { return }
            self.tasks[id] = nil
            self.perform(self.machine.respond(id, response, now: .now))
        }
    }

    private func send(_ response: HTTPResponse, _ context: HTTPResponseEncoder.Context) {
        let encoded: (head: [UInt8], body: [UInt8])
        do {
            encoded = try encoder.encode(response, context, date: loop.date)
        } catch {
            logger.error("a handler's response cannot be sent", metadata: ["error": "\(error)"])
            guard let fallback = try? encoder.encode(HandlerRunner.internalServerError, context, date: loop.date)
            else { return perform(machine.failed()) }
            encoded = fallback
        }
        output.append(encoded.head)
        output.append(encoded.body)
    }

    /// Sends what the socket takes and tells the machine.
    private func flush() -> [StateMachine.Action] {
        guard channel != nil, output.count > 0 else { return [] }
        do {
            let written = try output.flush(to: socket)
            return machine.flushed(written: written, pending: output.count, now: .now)
        } catch {
            logger.debug("a connection broke", metadata: ["error": "\(error)"])
            return machine.failed()
        }
    }

    private func close() {
        channel?.close()
        channel = nil
        output.removeAll()
        for task in tasks.values {
            task.cancel()
        }
        tasks = [:]
        updateTimer()
        loop.remove(self)
    }

    private func updateTimer() {
        let deadline = channel == nil ? nil : machine.deadline
        guard deadline != scheduledDeadline else { return }
        if let timer {
            loop.cancel(timer)
        }
        timer = deadline.map { loop.schedule(self, at: $0) }
        scheduledDeadline = deadline
    }
}
