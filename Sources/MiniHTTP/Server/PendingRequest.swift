// SPDX-License-Identifier: Apache-2.0

/// A request that has not been answered, or whose answer waits for those of earlier requests.
struct PendingRequest {
    enum State {
        case waiting(HTTPRequest)
        case running
        case done(HTTPResponse)
        /// Could not be read but for so much, and has no handler.
        indirect case refused(HTTPResponse, HTTPRequest?)
        /// The head is sent, the body is being made. Only the first request of a connection comes here.
        case streaming(HTTPStreamFraming, wantsMore: Bool)
    }

    /// Names the request within its connection.
    let id: Int
    let isSafe: Bool
    let isHead: Bool
    let version: HTTPVersion
    var state: State

    /// A request whose handler has not been started.
    init(id: Int, request: consuming HTTPRequest) {
        self.id = id
        isSafe = request.method.isSafe
        isHead = request.method == .head
        version = request.version
        state = .waiting(request)
    }

    /// An answer to what could not be read as a request, of which this much was read.
    init(id: Int, refusal: HTTPResponse, request: HTTPRequest?) {
        self.id = id
        isSafe = true
        isHead = request?.method == .head
        version = .http11
        state = .refused(refusal, request)
    }

    /// Whether its response has a body that is made while it is sent, and is sent.
    func streams(_ response: HTTPResponse) -> HTTPBodyStream? {
        isHead || response.status.forbidsContent ? nil : response.stream
    }

    var isWaiting: Bool {
        if case .waiting = state { true } else { false }
    }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    var isDone: Bool {
        switch state {
        case .done, .refused: true
        case .waiting, .running, .streaming: false
        }
    }

    /// What is to be sent; nil while it is not known, and once it is.
    var response: HTTPResponse? {
        switch state {
        case .done(let response), .refused(let response, _): response
        case .waiting, .running, .streaming: nil
        }
    }

    var isStreaming: Bool {
        if case .streaming = state { true } else { false }
    }

    /// The request once the head of its response is sent.
    func streaming(_ framing: HTTPStreamFraming) -> PendingRequest {
        var request = self
        request.state = .streaming(framing, wantsMore: false)
        return request
    }

    /// The request, which is from now on being handled; nil when it was before.
    mutating func start() -> HTTPRequest? {
        guard case .waiting = state else { return nil }
        var previous = State.running
        swap(&previous, &state)
        return if case .waiting(let request) = previous { request } else { nil }
    }
}
