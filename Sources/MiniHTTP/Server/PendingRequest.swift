// SPDX-License-Identifier: Apache-2.0

/// A request that has not been answered, or whose answer waits for those of earlier requests.
struct PendingRequest {
    enum State {
        case waiting(HTTPRequest)
        case running
        case done(HTTPResponse)
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

    /// An answer to what could not be read as a request.
    init(id: Int, response: HTTPResponse) {
        self.id = id
        isSafe = true
        isHead = false
        version = .http11
        state = .done(response)
    }

    var isRunning: Bool {
        if case .running = state { true } else { false }
    }

    var isDone: Bool {
        if case .done = state { true } else { false }
    }

    /// The request, which is from now on being handled; nil when it was before.
    mutating func start() -> HTTPRequest? {
        guard !isRunning, !isDone else { return nil }
        var previous = State.running
        swap(&previous, &state)
        return if case .waiting(let request) = previous { request } else { nil }
    }
}
