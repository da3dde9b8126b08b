// SPDX-License-Identifier: Apache-2.0

@testable import MiniHTTP

/// Drives a connection's state machine without socket or clock, and keeps what it decided as lines of text.
struct MachineDriver {
    private(set) var machine: HTTPConnection.StateMachine
    private(set) var now = MonotonicInstant.now
    /// What the machine decided since the last `take`.
    private var log: [String] = []
    /// What was told of answers that no handler gave.
    private(set) var reports: [String] = []
    /// Whether the imaginary socket takes everything at once.
    var isSocketWritable = true
    private var pending = 0

    init(_ settings: HTTPConnection.StateMachine.Settings = .init()) {
        machine = HTTPConnection.StateMachine(settings: settings, now: now)
    }

    static func get(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    /// The decisions since the last call.
    mutating func take() -> [String] {
        defer { log = [] }
        return log
    }

    mutating func receive(_ text: String) {
        perform(Array(text.utf8).withUnsafeBytes { machine.received($0, now: now) })
    }

    mutating func end() { perform(machine.receivedEnd(now: now)) }
    mutating func fail() { perform(machine.failed()) }
    mutating func shutdown() { perform(machine.shutdown(now: now)) }

    mutating func respond(_ id: Int, _ status: HTTPStatus = .ok, headers: HTTPHeaders = [:], bodyBytes: Int = 0) {
        let response = HTTPResponse(
            status: status, headers: headers, body: [UInt8](repeating: 0x61, count: bodyBytes))
        perform(machine.respond(id, response, now: now))
    }

    mutating func respondWithStream(_ id: Int, _ status: HTTPStatus = .ok) {
        perform(machine.respond(id, HTTPResponse(status: status, stream: HTTPBodyStream { _ in }), now: now))
    }

    mutating func streamed(_ id: Int, bytes: Int = 1) {
        perform(machine.streamed(id, [UInt8](repeating: 0x61, count: bytes), now: now))
    }

    mutating func streamEnded(_ id: Int, isComplete: Bool = true) {
        perform(machine.streamEnded(id, isComplete: isComplete, now: now))
    }

    /// The imaginary socket takes some of what is pending.
    mutating func drain(_ bytes: Int) {
        pending -= bytes
        perform(machine.flushed(written: bytes, pending: pending, now: now))
    }

    /// Time passes; the timer calls when a deadline is due.
    mutating func advance(_ duration: Duration) {
        now = now + duration
        if let deadline = machine.deadline, deadline <= now {
            perform(machine.deadlineReached(now: now))
        }
    }

    /// Seconds until the machine wants to be called.
    var secondsToDeadline: Double? {
        machine.deadline.map { ($0 - now) / .seconds(1) }
    }

    private mutating func perform(_ actions: [HTTPConnection.StateMachine.Action]) {
        var sent = 0
        for action in actions {
            switch action {
            case .start(let id, let request): log.append("start \(id) \(request.method) \(request.path)")
            case .send(let response, let context):
                log.append("send \(response.status.code) \(context.keepsAlive ? "keep-alive" : "close")")
                sent += 100 + response.body.count
            case .report(let response, let request):
                reports.append("\(response.status.code) \(request.map { "\($0.method) \($0.path)" } ?? "-")")
            case .sendInterim(let status):
                log.append("interim \(status.code)")
                sent += 20
            case .startStream(let id, _): log.append("startStream \(id)")
            case .sendPiece(let bytes, let framing):
                log.append("piece \(bytes.count) \(framing)")
                sent += bytes.count
            case .resumeStream: log.append("resumeStream")
            case .sendLastChunk:
                log.append("lastChunk")
                sent += HTTPResponseEncoder.lastChunk.count
            case .cancel(let id): log.append("cancel \(id)")
            case .shutdownWrite: log.append("shutdownWrite")
            case .close: log.append("close")
            case .reset: log.append("reset")
            }
        }
        guard sent > 0 else { return }
        if isSocketWritable {
            perform(machine.flushed(written: sent, pending: pending, now: now))
        } else {
            pending += sent
            perform(machine.flushed(written: 0, pending: pending, now: now))
        }
    }
}
