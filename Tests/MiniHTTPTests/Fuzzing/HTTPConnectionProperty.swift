// SPDX-License-Identifier: Apache-2.0

import DequeModule

@testable import MiniHTTP

/// What holds of a connection's decisions whatever client, socket and handlers do, in whatever order. `make fuzz`
/// looks for a course of events that breaks it, a test replays the corpus.
///
/// An input is one line of letters, the events, and then what the client sends:
///
/// - `0` to `9`: the client's next 1 to 512 bytes come; `e`: its end; `x`: its reset
/// - `o`, `n`: the oldest or newest running handler answers; `c`: the oldest does, with `Connection: close`
/// - `r`: the oldest does, with a stream; `p`: the stream hands over a piece; `q`, `f`: it ends or fails
/// - `b`, `w`: the socket blocks or takes everything again; `d`: it takes 100 bytes
/// - `t`: a second passes; `T`: the time up to the deadline
/// - `s`: the server shuts down
struct HTTPConnectionProperty {
    private typealias Machine = HTTPConnection.StateMachine

    private static let settings = Machine.Settings(
        limits: HTTPLimits(maxRequestLineBytes: 256, maxHeaderBytes: 512, maxHeaderCount: 16, maxBodyBytes: 256),
        maxPipelinedRequests: 3, maxWriteBufferBytes: 300)

    private var now = MonotonicInstant.now
    private var machine: Machine
    private var running: Deque<(id: Int, isSafe: Bool)> = []
    /// The stream that runs, and whether it waits to be resumed.
    private var stream: (id: Int, waits: Bool)?
    private var lastStarted = -1
    private var lastSent = -1
    private var isClosed = false
    private var saidClose = false
    private var isBlocked = false
    private var pending = 0
    private var violation: String?

    private init() {
        machine = Machine(settings: Self.settings, now: now)
    }

    /// The rule that the events break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        var property = HTTPConnectionProperty()
        let events = bytes.prefix { $0 != ASCII.lineFeed }
        var input = bytes[events.endIndex...].dropFirst()
        for event in events where property.violation == nil {
            property.happens(event, &input)
        }
        property.finish(&input)
        return property.violation
    }

    private mutating func happens(_ event: UInt8, _ input: inout Slice<UnsafeRawBufferPointer>) {
        switch Character(UnicodeScalar(event)) {
        case "0"..."9": receive(1 << Int(event - UInt8(ascii: "0")), &input)
        case "e": if machine.wantsRead { perform(machine.receivedEnd(now: now)) }
        case "x": perform(machine.failed())
        case "o": respond(running.popFirst())
        case "n": respond(running.popLast())
        case "c": respond(running.popFirst(), ["Connection": "close"])
        case "r": respond(running.popFirst(), stream: HTTPBodyStream { _ in })
        case "p": handOver()
        case "q": endStream(isComplete: true)
        case "f": endStream(isComplete: false)
        case "b": isBlocked = true
        case "w":
            isBlocked = false
            drain(pending)
        case "d": drain(min(pending, 100))
        case "t": passes(.seconds(1))
        case "T": if let deadline = machine.deadline { passes(max(.zero, deadline - now)) }
        case "s": perform(machine.shutdown(now: now))
        default: break
        }
    }

    /// The client ends, every handler answers, the socket takes everything, time passes: then all must be over.
    private mutating func finish(_ input: inout Slice<UnsafeRawBufferPointer>) {
        isBlocked = false
        drain(pending)
        var rounds = 0
        while !isClosed, violation == nil {
            if machine.wantsRead, !input.isEmpty {
                receive(512, &input)
            } else if let next = running.popFirst() {
                respond(next)
            } else if stream != nil {
                handOver()
                endStream(isComplete: true)
            } else if machine.wantsRead {
                perform(machine.receivedEnd(now: now))
            } else if let deadline = machine.deadline {
                passes(max(.zero, deadline - now))
            }
            rounds += 1
            expect(rounds < 10_000, "the connection never ends")
        }
        expect(running.isEmpty && stream == nil, "handlers run on for a connection that is closed")
    }

    private mutating func receive(_ count: Int, _ input: inout Slice<UnsafeRawBufferPointer>) {
        // The connection reads only when the machine wants it to.
        guard machine.wantsRead, !input.isEmpty else { return }
        let piece = input.prefix(count)
        input = input.dropFirst(piece.count)
        perform(machine.received(UnsafeRawBufferPointer(rebasing: piece), now: now))
    }

    private mutating func respond(
        _ handler: (id: Int, isSafe: Bool)?, _ fields: HTTPHeaders = [:], stream: HTTPBodyStream? = nil
    ) {
        guard let handler else { return }
        var fields = fields
        fields.add("Number", "\(handler.id)")
        let body = [UInt8](repeating: 0x61, count: handler.id % 3 * 100)
        let response = HTTPResponse(headers: fields, body: stream == nil ? body : [], stream: stream)
        perform(machine.respond(handler.id, response, now: now))
    }

    private mutating func handOver() {
        guard let id = stream?.id, stream?.waits == false else { return }
        stream?.waits = true
        perform(machine.streamed(id, [UInt8](repeating: 0x61, count: 200), now: now))
    }

    private mutating func endStream(isComplete: Bool) {
        guard let id = stream?.id, stream?.waits == false else { return }
        stream = nil
        perform(machine.streamEnded(id, isComplete: isComplete, now: now))
    }

    private mutating func drain(_ count: Int) {
        guard count > 0, !isClosed else { return }
        pending -= count
        perform(machine.flushed(written: count, pending: pending, now: now))
    }

    private mutating func passes(_ duration: Duration) {
        now = now + duration
        if let deadline = machine.deadline, deadline <= now {
            perform(machine.deadlineReached(now: now))
        }
    }

    private mutating func perform(_ actions: [Machine.Action]) {
        var sent = 0
        for action in actions {
            expect(!isClosed, "something is done after closing")
            switch action {
            case .start(let id, let request): started(id, request)
            case .send(let response, let context):
                sent += 100 + response.body.count
                self.sent(response, context)
            case .startStream(let id, _):
                expect(stream == nil && id == lastSent, "a stream starts that is not the last response's")
                stream = (id, false)
            case .report: expect(saidClose, "a refusal is told of and the connection stays")
            case .sendPiece(let bytes, _):
                sent += bytes.count
                expect(stream?.waits == true, "a piece is sent that no stream handed over")
            case .resumeStream:
                expect(stream?.waits == true, "a stream is resumed that does not wait")
                stream?.waits = false
            case .sendLastChunk:
                sent += 5
                expect(stream == nil, "the last chunk is sent while the stream runs")
            case .cancel(let id) where stream?.id == id:
                stream = nil
            case .sendInterim:
                sent += 20
                expect(stream == nil, "an interim response stands within a body")
                expect(!saidClose, "an interim response follows the last one")
            case .cancel(let id):
                expect(running.contains { $0.id == id }, "a handler is cancelled that does not run")
                running.removeAll { $0.id == id }
            case .shutdownWrite: break
            case .close, .reset: isClosed = true
            }
        }
        // What was sent is flushed before anything else happens.
        guard sent > 0, !isClosed, violation == nil else { return checkBounds() }
        pending += sent
        let taken = isBlocked ? 0 : pending
        pending -= taken
        perform(machine.flushed(written: taken, pending: pending, now: now))
    }

    private mutating func started(_ id: Int, _ request: HTTPRequest) {
        expect(id > lastStarted, "requests start out of order or twice")
        lastStarted = id
        expect(!saidClose, "a request starts after the last response")
        expect(running.allSatisfy(\.isSafe), "a request starts beside one that is not safe")
        expect(request.method.isSafe || running.isEmpty, "a request that is not safe starts beside others")
        running.append((id, request.method.isSafe))
    }

    private mutating func sent(_ response: HTTPResponse, _ context: HTTPResponseEncoder.Context) {
        expect(!saidClose, "a response follows the last one")
        expect(stream == nil, "a response stands within a body")
        saidClose = !context.keepsAlive
        guard let number = response.headers["Number"].flatMap({ Int($0) }) else {
            // What cannot be read is answered by the machine itself, and ends the connection.
            return expect(saidClose, "an error is answered and the connection stays")
        }
        expect(number == lastSent + 1, "responses are out of order")
        lastSent = number
        expect(response.headers["Connection"] == nil || saidClose, "a handler's 'close' is not passed on")
    }

    private mutating func checkBounds() {
        expect(machine.slots.count <= Self.settings.maxPipelinedRequests + 1, "too many requests are held")
        expect(machine.backlog.count <= 512, "more input is held than one read")
        if isClosed {
            expect(machine.deadline == nil && !machine.wantsRead, "a closed connection waits")
        } else {
            let isBusy = !running.isEmpty || stream != nil
            expect(machine.deadline != nil || isBusy, "nothing ends the wait for this client")
        }
    }

    private mutating func expect(_ condition: Bool, _ rule: String) {
        if !condition, violation == nil { violation = rule }
    }
}
