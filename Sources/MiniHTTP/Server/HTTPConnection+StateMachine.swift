// SPDX-License-Identifier: Apache-2.0

extension HTTPConnection {
    /// Everything that a connection decides, without a socket or a clock: events go in with the time at which they
    /// happened, actions come out. After each event the caller performs the actions in order, then follows
    /// `wantsRead` and `deadline`.
    ///
    /// Bounds: at most `maxPipelinedRequests` requests are held, unread input of at most one read, and responses of
    /// `maxWriteBufferBytes` plus those of the requests that were being handled when that much was reached. Reading
    /// pauses at either bound.
    struct StateMachine {
        /// Names a request until it is answered.
        typealias RequestID = Int

        /// What the connection is to do.
        enum Action {
            /// Run the handler; its response comes back through `respond`.
            case start(RequestID, HTTPRequest)
            /// Encode and send; of a response with a stream, the head.
            case send(HTTPResponse, HTTPResponseEncoder.Context)
            /// Run what makes the rest of the response; its pieces come through `streamed`, its end through `streamEnded`.
            case startStream(RequestID, HTTPBodyStream)
            /// Send a piece of the body.
            case sendPiece([UInt8], HTTPStreamFraming)
            /// Let the stream go on with its next piece.
            case resumeStream
            /// Send what ends a chunked body.
            case sendLastChunk
            /// Tell of a response that no handler gave, and of as much of its request as was read.
            case report(HTTPResponse, HTTPRequest?)
            /// Send a response head of status 1xx.
            case sendInterim(HTTPStatus)
            /// Cancel the handler; its response is no longer wanted.
            case cancel(RequestID)
            /// Send FIN.
            case shutdownWrite
            /// Close.
            case close
            /// Close, and drop what the client has not read.
            case reset
        }

        /// The part of the server's configuration that concerns one connection.
        struct Settings {
            var limits = HTTPLimits()
            var timeouts = HTTPTimeouts()
            var maxPipelinedRequests = 8
            var maxWriteBufferBytes = 1024 * 1024
        }

        enum Phase: Equatable {
            /// Requests are read.
            case open
            /// No further request is read; what was read is answered, then the connection lingers or closes.
            case draining
            /// Everything is sent and FIN too; what still comes is thrown away until the client closes.
            case lingering
            case closed
        }

        /// What the client owes next. A new wait starts a new deadline; bytes that do not end the wait do not.
        struct ReadWait: Equatable {
            enum Kind: Equatable {
                case nextRequest
                case head
                case body
            }

            let kind: Kind
            let message: Int
        }

        /// A client that takes this much has its write deadline renewed.
        private static let writeProgressBytes = 64 * 1024
        /// Input thrown away on a connection that will close, before it is not even read any more.
        private static let maxDiscardedBytes = 1024 * 1024

        let settings: Settings
        var phase = Phase.open
        var parser: HTTPRequestParser
        /// In the order of their coming. Looked at by index: `first` and loops would copy whole requests.
        var slots: [PendingRequest] = []
        var nextID = 0
        /// Input that waits until a bound allows it to be parsed.
        var backlog: ArraySlice<UInt8> = []
        var inputEnded = false
        var owesContinue = false
        var isShuttingDown = false
        var discarded = 0
        var messages = 0

        var readWait: ReadWait?
        var readDeadline: MonotonicInstant?
        var lingerDeadline: MonotonicInstant?
        var probeDeadline: MonotonicInstant?
        var writeDeadline: MonotonicInstant?
        var pendingOutput = 0
        var writeProgress = 0

        // What the connection goes by until the next event. Stored, because asking a method would copy the whole machine
        // out of the connection.

        /// Whether input is to be read now.
        private(set) var wantsRead = true
        /// Whether no request has begun and nothing is owed, so that closing harms nobody but a client about to speak.
        private(set) var isResting = true
        /// When `deadlineReached` is to be called, if nothing happens before.
        private(set) var deadline: MonotonicInstant?

        init(settings: Settings, now: MonotonicInstant) {
            self.settings = settings
            parser = HTTPRequestParser(limits: settings.limits)
            var actions: [Action] = []
            advance(now, &actions)
        }

        /// Draws the conclusions of an event.
        mutating func settle() {
            wantsRead =
                switch phase {
                case _ where inputEnded: false
                case .open: !isBackpressured
                case .draining: discarded < Self.maxDiscardedBytes
                case .lingering: true
                case .closed: false
                }
            isResting =
                phase == .open && !inputEnded && parser.stage == .idle && slots.isEmpty && pendingOutput == 0
                && backlog.isEmpty
            deadline = Self.earlier(
                Self.earlier(readDeadline, writeDeadline), Self.earlier(lingerDeadline, probeDeadline))
        }

        private static func earlier(
            _ one: MonotonicInstant?, _ other: MonotonicInstant?
        ) -> MonotonicInstant? {
            guard let one, let other else { return one ?? other }
            return min(one, other)
        }

        var isBackpressured: Bool {
            slots.count >= settings.maxPipelinedRequests || pendingOutput >= settings.maxWriteBufferBytes
        }
    }
}

extension HTTPConnection.StateMachine {
    /// Bytes came.
    mutating func received(_ bytes: UnsafeRawBufferPointer, now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        switch phase {
        case .open:
            if backlog.isEmpty, !isBackpressured {
                var input = bytes[...]
                parse(&input, now)
                backlog = ArraySlice(input)
            } else {
                backlog.append(contentsOf: bytes)
            }
        case .draining, .lingering:
            discarded += bytes.count
            if phase == .lingering, discarded >= Self.maxDiscardedBytes {
                close(&actions)
            }
        case .closed: break
        }
        advance(now, &actions)
        return actions
    }

    /// The client sends no more; it may still read.
    mutating func receivedEnd(now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        inputEnded = true
        advance(now, &actions)
        return actions
    }

    /// A handler came back.
    mutating func respond(_ id: RequestID, _ response: HTTPResponse, now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        guard phase != .closed, let index = slots.indices.first(where: { slots[$0].id == id }) else { return actions }
        slots[index].state = .done(response)
        advance(now, &actions)
        return actions
    }

    /// The stream of the first request has another piece, and waits to be resumed.
    mutating func streamed(_ id: RequestID, _ piece: [UInt8], now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        guard let framing = framing(ofStream: id) else { return actions }
        slots[0].state = .streaming(framing, wantsMore: true)
        pendingOutput += piece.count
        actions.append(.sendPiece(piece, framing))
        advance(now, &actions)
        return actions
    }

    /// The stream of the first request is over.
    ///
    /// RFC 9112 section 8: where it is incomplete the client has to be able to tell. Of a body that ends with the
    /// connection only a reset tells.
    mutating func streamEnded(_ id: RequestID, isComplete: Bool, now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        guard let framing = framing(ofStream: id) else { return actions }
        slots.removeFirst()
        if !isComplete {
            close(&actions, with: .reset)
        } else if framing == .chunked {
            actions.append(.sendLastChunk)
        }
        advance(now, &actions)
        return actions
    }

    private func framing(ofStream id: RequestID) -> HTTPStreamFraming? {
        guard !slots.isEmpty, slots[0].id == id, case .streaming(let framing, _) = slots[0].state else { return nil }
        return framing
    }

    /// The socket took `written` bytes, and `pending` wait for it.
    mutating func flushed(written: Int, pending: Int, now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        guard phase != .closed else { return actions }
        pendingOutput = pending
        writeProgress += written
        if pending == 0 {
            writeDeadline = nil
        } else if writeDeadline == nil || writeProgress >= Self.writeProgressBytes {
            writeDeadline = now + settings.timeouts.write
            writeProgress = 0
        }
        advance(now, &actions)
        return actions
    }

    /// The socket is broken: the client reset the connection.
    mutating func failed() -> [Action] {
        var actions: [Action] = []
        close(&actions)
        return actions
    }

    /// The server stops: what is in flight is answered, the rest of the connection's life is cut.
    mutating func shutdown(now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        isShuttingDown = true
        if phase == .open {
            if !slots.isEmpty || pendingOutput > 0 {
                drain()
            } else if parser.stage == .idle, backlog.isEmpty {
                close(&actions)
            }
        }
        advance(now, &actions)
        return actions
    }

    /// The grace period is over.
    mutating func abort() -> [Action] {
        var actions: [Action] = []
        close(&actions)
        return actions
    }

    /// The time of `deadline` has come, or another; only deadlines that have passed count.
    mutating func deadlineReached(now: MonotonicInstant) -> [Action] {
        var actions: [Action] = []
        func passed(_ deadline: MonotonicInstant?) -> Bool { deadline.map { $0 <= now } ?? false }
        if passed(writeDeadline) {
            close(&actions, with: .reset)
        } else if passed(lingerDeadline) {
            close(&actions)
        } else if passed(readDeadline) {
            readDeadline = nil
            switch readWait?.kind {
            case .head where parser.stage != .idle:
                fail(HTTPParseError(.timeout, "The header section did not arrive in time."))
            case .body: fail(HTTPParseError(.timeout, "The body did not arrive in time."))
            // RFC 9110 section 15.5.9: a connection that asked nothing is closed without a 408.
            case .head, .nextRequest, nil: close(&actions)
            }
        } else if passed(probeDeadline) {
            probeDeadline = nil
            actions.append(.sendInterim(.processing))
        }
        advance(now, &actions)
        return actions
    }
}
