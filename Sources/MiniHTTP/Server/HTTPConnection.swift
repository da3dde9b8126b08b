// SPDX-License-Identifier: Apache-2.0

import Logging

/// One client's connection: carries bytes and events to the state machine, and does what it says.
///
/// `@unchecked Sendable` because everything mutable is touched only on the thread of `loop`.
final class HTTPConnection: @unchecked Sendable {
    /// How often a connection reads before it lets others on its loop have their turn.
    private static let readsInARow = 8

    let socket: Socket
    let loop: EventLoop
    private let remoteAddress: SocketAddress?
    private let peer: IPAddress?
    private let trustedProxies: TrustedProxies
    let runner: HandlerRunner
    private let encoder: HTTPResponseEncoder
    private let logger: Logger
    private let onRefusal: @Sendable (HTTPRefusal) -> Void
    private let onClosed: @Sendable () -> Void
    var machine: StateMachine
    private var output = OutputBuffer()
    /// Of handlers, and of the stream that makes a response's body.
    var tasks: [StateMachine.RequestID: Task<Void, Never>] = [:]
    /// The stream's calls of `send` that have not returned.
    var senders: [CheckedContinuation<Void, any Error>] = []
    /// Responses of handlers that came back while actions were being performed.
    private var finished: [(id: StateMachine.RequestID, response: HTTPResponse)] = []
    private var timer: TimerWheel<HTTPConnection>.Token?
    private var scheduledDeadline: MonotonicInstant?
    private(set) var isOpen = false
    private var isPerforming = false
    /// Whether the socket may have something to read, and whether its end is part of that: events come once, so what
    /// is not read now has to be remembered.
    private var mayRead = false
    private var hasEnd = false
    private var isReading = false
    private var isReadDeferred = false

    /// Takes over `socket`. `onClosed` is called once the descriptor is closed.
    init(
        socket: Socket, remoteAddress: SocketAddress?, peer: IPAddress?, trustedProxies: TrustedProxies,
        loop: EventLoop, runner: HandlerRunner, settings: StateMachine.Settings, encoder: HTTPResponseEncoder,
        onRefusal: @escaping @Sendable (HTTPRefusal) -> Void, onClosed: @escaping @Sendable () -> Void
    ) {
        self.socket = socket
        self.remoteAddress = remoteAddress
        self.peer = peer
        self.trustedProxies = trustedProxies
        self.loop = loop
        self.runner = runner
        self.encoder = encoder
        self.onRefusal = onRefusal
        self.onClosed = onClosed
        logger = runner.logger
        machine = StateMachine(settings: settings, now: .now)
    }

    /// Starts. Like every method here, runs on the loop's thread.
    func start() {
        do {
            try loop.add(self, socket)
        } catch {
            logger.error("a connection is given up", metadata: ["error": "\(error)"])
            socket.close()
            return onClosed()
        }
        isOpen = true
        perform([])
    }

    /// Answers what is in flight and closes; an idle connection closes at once.
    func shutdown() {
        // A request that has already come counts as in flight.
        mayRead = true
        readable()
        perform(machine.shutdown(now: loop.now))
    }

    /// Closes whatever is in flight.
    func abort() {
        perform(machine.abort())
    }

    /// Closes to make room for another connection, unless a request has come. Returns whether it is closed.
    func closeToMakeRoom() -> Bool {
        mayRead = true
        readable()
        if isOpen, machine.isResting {
            perform(machine.abort())
        }
        return !isOpen
    }

    /// The loop's timer found a deadline that has passed.
    func deadlineReached() {
        timer = nil
        scheduledDeadline = nil
        perform(machine.deadlineReached(now: loop.now))
    }

    /// Something has changed on the socket.
    func handle(_ event: Poller.Event) {
        guard !event.isError else {
            // A reset: what else there is to read cannot be answered.
            return perform(machine.failed())
        }
        if event.isReadable {
            mayRead = true
            hasEnd = hasEnd || event.hasEnd
        }
        if event.isWritable, output.count > 0 {
            perform([])
        }
        readable()
    }

    /// Reads until there is no more or the machine wants no more.
    private func readable() {
        isReading = true
        defer { isReading = false }
        for _ in 0..<Self.readsInARow {
            guard isOpen, mayRead, machine.wantsRead else { return }
            readOnce()
        }
        readLater()
    }

    /// Others on this loop have their turn first.
    private func readLater() {
        guard !isReadDeferred else { return }
        isReadDeferred = true
        loop.executeLater {
            self.isReadDeferred = false
            self.readable()
        }
    }

    private func readOnce() {
        do {
            switch try socket.read(into: loop.readBuffer) {
            case .bytes(let count):
                // epoll(7): a read that does not fill the buffer has emptied the socket, and what comes later is a new
                // event. Only the end may have been announced already.
                mayRead = count == loop.readBuffer.count || hasEnd
                // However fast the answer, the rest begins anew.
                loop.setResting(socket, false)
                perform(machine.received(UnsafeRawBufferPointer(rebasing: loop.readBuffer[..<count]), now: loop.now))
            case .end:
                mayRead = false
                perform(machine.receivedEnd(now: loop.now))
            case .wouldBlock: mayRead = false
            }
        } catch {
            logger.debug("a connection broke", metadata: ["error": "\(error)"])
            perform(machine.failed())
        }
    }

    /// Performs actions and those that follow from them, then sets the timer as the machine wants.
    func perform(_ actions: consuming [StateMachine.Action]) {
        let isOutermost = !isPerforming
        isPerforming = true
        repeat {
            while !actions.isEmpty {
                // Not `removeFirst`, nor a loop: a copy counts up every reference in a request.
                perform(actions.remove(at: 0))
            }
            actions = respond() ?? flush()
        } while !actions.isEmpty || !finished.isEmpty
        guard isOutermost else { return }
        isPerforming = false
        guard isOpen else { return }
        if mayRead, !isReading, machine.wantsRead {
            // Reading had paused.
            readLater()
        }
        loop.setResting(socket, machine.isResting)
        updateTimer()
    }

    private func perform(_ action: consuming StateMachine.Action) {
        switch consume action {
        case .start(let id, let request): startHandler(id, request)
        case .send(let response, let context): send(response, context)
        case .report(let response, let request):
            onRefusal(HTTPRefusal(response, request: request, client: client(request?.headers ?? [:])))
        case .sendInterim(let status): output.append(HTTPResponseEncoder.interim(status))
        case .startStream(let id, let stream): startStream(id, stream)
        case .sendPiece(let piece, let framing):
            for bytes in HTTPResponseEncoder.piece(piece, framing) {
                output.append(bytes)
            }
        case .resumeStream: resumeStream()
        case .sendLastChunk: output.append(HTTPResponseEncoder.lastChunk)
        case .cancel(let id): tasks.removeValue(forKey: id)?.cancel()
        case .shutdownWrite: socket.shutdownWrite()
        case .close: close()
        case .reset:
            socket.resetOnClose()
            close()
        }
    }

    private func startHandler(_ id: StateMachine.RequestID, _ request: consuming HTTPRequest) {
        request.remoteAddress = remoteAddress
        request.clientAddress = client(request.headers)
        if let response = runner.handler.answerAtOnce(request) {
            return handled(id, response)
        }
        let task = runner.run(request, on: loop) { self.handled(id, $0) }
        if finished.last?.id != id {
            tasks[id] = task
        }
    }

    /// Where a request with these fields comes from.
    private func client(_ headers: HTTPHeaders) -> IPAddress? {
        peer.map { trustedProxies.client(peer: $0, headers: headers) }
    }

    /// A handler came back: while its request was being started, or later.
    private func handled(_ id: StateMachine.RequestID, _ response: HTTPResponse) {
        let response = sendable(response)
        guard isPerforming else {
            tasks[id] = nil
            return perform(machine.respond(id, response, now: loop.now))
        }
        finished.append((id, response))
    }

    /// Passes on what handlers have come back with. nil when there is nothing.
    private func respond() -> [StateMachine.Action]? {
        guard !finished.isEmpty else { return nil }
        let (id, response) = finished.remove(at: 0)
        return machine.respond(id, response, now: loop.now)
    }

    private func send(_ response: HTTPResponse, _ context: HTTPResponseEncoder.Context) {
        let encoded: (head: [UInt8], body: [UInt8])
        do {
            encoded = try encoder.encode(response, context, date: loop.date)
        } catch {
            guard let fallback = try? encoder.encode(substitute(for: error), context, date: loop.date)
            else { return perform(machine.failed()) }
            encoded = fallback
        }
        output.append(encoded.head)
        output.append(encoded.body)
    }

    /// The response, or a 500 where its stream would run behind a head that cannot be sent.
    private func sendable(_ response: HTTPResponse) -> HTTPResponse {
        guard response.stream != nil else { return response }
        do {
            _ = try encoder.encode(response, HTTPResponseEncoder.Context(), date: "")
            return response
        } catch {
            return substitute(for: error)
        }
    }

    private func substitute(for failure: HTTPResponseEncoder.Failure) -> HTTPResponse {
        logger.error("a handler's response cannot be sent", metadata: ["error": "\(failure)"])
        return HandlerRunner.internalServerError
    }

    /// Sends what the socket takes and tells the machine.
    private func flush() -> [StateMachine.Action] {
        guard isOpen, output.count > 0 else { return [] }
        do {
            let written = try output.flush(to: socket)
            return machine.flushed(written: written, pending: output.count, now: loop.now)
        } catch {
            logger.debug("a connection broke", metadata: ["error": "\(error)"])
            return machine.failed()
        }
    }

    private func close() {
        guard isOpen else { return }
        isOpen = false
        output.removeAll()
        for task in tasks.values {
            task.cancel()
        }
        tasks = [:]
        resumeStream(throwing: CancellationError())
        if let timer {
            loop.cancel(timer)
        }
        timer = nil
        // Before the descriptor's number is free for another connection.
        loop.remove(socket)
        socket.close()
        onClosed()
    }

    /// A timer that fires too early costs less than one that is moved with every request.
    private func updateTimer() {
        guard let deadline = machine.deadline else { return }
        if let scheduledDeadline, scheduledDeadline <= deadline { return }
        if let timer {
            loop.cancel(timer)
        }
        timer = loop.schedule(self, at: deadline)
        scheduledDeadline = deadline
    }
}
