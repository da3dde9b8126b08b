// SPDX-License-Identifier: Apache-2.0

extension HTTPConnection.StateMachine {
    /// Takes whole requests from the input until it is used up or a bound is reached.
    mutating func parse(_ input: inout Slice<UnsafeRawBufferPointer>, _ now: MonotonicInstant) {
        if parser.stage == .body, !input.isEmpty {
            owesContinue = false
        }
        do {
            while phase == .open, !isBackpressured, !input.isEmpty {
                switch try parser.next(&input) {
                case .needMoreData: break
                case .head(let expectsContinue):
                    // RFC 9110 section 10.1.1: a client that has begun the body needs no 100.
                    owesContinue = expectsContinue && input.isEmpty
                case .complete(let request): enqueue(request)
                }
            }
        } catch {
            fail(error)
        }
        if phase != .open {
            // RFC 9112 section 9.6: nothing after the last request is processed.
            input = input[input.endIndex...]
        }
    }

    private mutating func enqueue(_ request: consuming HTTPRequest) {
        owesContinue = false
        messages += 1
        let isLast = !request.wantsKeepAlive || isShuttingDown
        slots.append(PendingRequest(id: nextID, request: request))
        nextID += 1
        if isLast {
            drain()
        }
    }

    /// Answers what cannot be read, after the requests before it, and reads no more.
    mutating func fail(_ error: HTTPParseError) {
        slots.append(PendingRequest(id: nextID, refusal: error.response, request: parser.begun))
        nextID += 1
        drain()
    }

    mutating func drain() {
        phase = .draining
        backlog = []
        owesContinue = false
    }

    mutating func close(_ actions: inout [Action], with action: Action = .close) {
        guard phase != .closed else { return }
        cancelRunning(&actions)
        phase = .closed
        backlog = []
        owesContinue = false
        (readDeadline, lingerDeadline, probeDeadline, writeDeadline) = (nil, nil, nil, nil)
        settle()
        actions.append(action)
    }

    private mutating func cancelRunning(_ actions: inout [Action]) {
        actions += slots.filter { $0.isRunning || $0.isStreaming }.map { .cancel($0.id) }
        slots.removeAll()
    }

    /// Does everything that has become possible.
    mutating func advance(_ now: MonotonicInstant, _ actions: inout [Action]) {
        sendReady(&actions)
        while phase == .open, !backlog.isEmpty, !isBackpressured {
            parseBacklog(now)
            sendReady(&actions)
        }
        if phase == .open, inputEnded, backlog.isEmpty {
            if parser.stage != .idle {
                // RFC 9112 section 8: an incomplete request may be answered; the client may still read.
                fail(HTTPParseError(.truncated, "The request ended before it was complete."))
            } else {
                drain()
            }
            sendReady(&actions)
        }
        resumeStream(&actions)
        startEligible(&actions)
        if owesContinue, slots.isEmpty {
            owesContinue = false
            actions.append(.sendInterim(.continue))
        }
        finishDraining(now, &actions)
        setDeadlines(now)
        settle()
    }

    private mutating func parseBacklog(_ now: MonotonicInstant) {
        let bytes = backlog
        backlog = []
        bytes.withUnsafeBytes { buffer in
            var input = buffer[...]
            parse(&input, now)
            // An empty slice would keep the memory of the whole.
            backlog = input.isEmpty ? [] : bytes.suffix(input.count)
        }
    }

    /// Sends the responses whose turn has come (RFC 9112 section 9.3.2: in the order of the requests).
    private mutating func sendReady(_ actions: inout [Action]) {
        while phase != .closed, !slots.isEmpty, let response = slots[0].response {
            let first = slots.remove(at: 0)
            let stream = first.streams(response)
            let framing = HTTPStreamFraming(version: first.version)
            if response.headers.containsToken("close", in: "Connection") || (stream != nil && framing == .untilClose) {
                // RFC 9112 section 9.6: the server processes nothing after a response with 'close'.
                cancelRunning(&actions)
                drain()
            }
            let isLast = slots.isEmpty && (phase == .draining || (inputEnded && backlog.isEmpty))
            let context = HTTPResponseEncoder.Context(
                isHead: first.isHead, version: first.version, keepsAlive: !isLast)
            actions.append(.send(response, context))
            if case .refused(_, let request) = first.state {
                actions.append(.report(response, request))
            }
            if let stream {
                slots.insert(first.streaming(framing), at: 0)
                actions.append(.startStream(first.id, stream))
            } else {
                pendingOutput += response.body.count
            }
        }
    }

    /// Has the stream make its next piece while the client keeps up.
    private mutating func resumeStream(_ actions: inout [Action]) {
        guard pendingOutput < settings.maxWriteBufferBytes, !slots.isEmpty,
            case .streaming(let framing, wantsMore: true) = slots[0].state
        else { return }
        slots[0].state = .streaming(framing, wantsMore: false)
        actions.append(.resumeStream)
    }

    /// Starts handlers in order: safe requests beside each other, any other request alone (RFC 9112 section 9.3.2).
    private mutating func startEligible(_ actions: inout [Action]) {
        var hasRunning = false
        for index in slots.indices {
            if slots[index].isDone { continue }
            let isSafe = slots[index].isSafe
            if slots[index].isWaiting {
                guard pendingOutput < settings.maxWriteBufferBytes, isSafe || !hasRunning else { return }
                if let request = slots[index].start() {
                    actions.append(.start(slots[index].id, request))
                }
            }
            hasRunning = true
            if !isSafe { return }
        }
    }

    private mutating func finishDraining(_ now: MonotonicInstant, _ actions: inout [Action]) {
        if phase == .draining, slots.isEmpty, pendingOutput == 0, !actions.contains(where: \.sends) {
            phase = .lingering
            lingerDeadline = now + settings.timeouts.linger
            if !inputEnded { actions.append(.shutdownWrite) }
        }
        if phase == .lingering, inputEnded {
            close(&actions)
        }
    }

    private mutating func setDeadlines(_ now: MonotonicInstant) {
        guard phase != .closed else { return }
        let wait = currentReadWait
        if wait != readWait {
            readWait = wait
            readDeadline = wait.map { now + timeout(of: $0.kind) }
        }
        // RFC 9110 section 15.2: a 1xx is only sent to a client of HTTP/1.1.
        let canProbe =
            inputEnded && pendingOutput == 0 && !slots.isEmpty && slots[0].isRunning && slots[0].version >= .http11
        if !canProbe {
            probeDeadline = nil
        } else if probeDeadline == nil, let interval = settings.timeouts.halfClosedProbe {
            probeDeadline = now + interval
        }
    }

    private var currentReadWait: ReadWait? {
        // While reading pauses, the client owes nothing.
        guard phase == .open, !inputEnded, !isBackpressured else { return nil }
        switch parser.stage {
        case .idle:
            guard slots.isEmpty, pendingOutput == 0 else { return nil }
            // The first request is due from the start: its deadline goes on when its first byte comes.
            return ReadWait(kind: messages == 0 ? .head : .nextRequest, message: messages)
        case .head: return ReadWait(kind: .head, message: messages)
        case .body: return owesContinue ? nil : ReadWait(kind: .body, message: messages)
        }
    }

    private func timeout(of kind: ReadWait.Kind) -> Duration {
        switch kind {
        case .head: settings.timeouts.header
        case .nextRequest: settings.timeouts.idle
        case .body: settings.timeouts.body
        }
    }
}

extension HTTPConnection.StateMachine.Action {
    fileprivate var sends: Bool {
        switch self {
        case .send, .sendInterim, .sendPiece, .sendLastChunk: true
        default: false
        }
    }
}
