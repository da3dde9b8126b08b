// SPDX-License-Identifier: Apache-2.0

/// Answers requests.
public protocol HTTPHandler: Sendable {
    /// Answers one request. The task is cancelled when the client is gone or the server stops.
    ///
    /// The task starts on the thread of the connection's event loop, so that an answer that is at hand costs no switch of
    /// threads, and leaves it where it first waits for something. Until then it holds up the loop's other connections:
    /// what computes for long, or blocks, is to be awaited.
    ///
    /// A thrown `HTTPError` becomes its response. Any other error is logged and becomes a 500 that tells nothing.
    /// Pipelined safe requests of one connection may be handled at the same time; the connection orders the answers.
    func handle(_ request: HTTPRequest) async throws -> HTTPResponse

    /// Answers a request whose answer takes no work; nil (the default) has `handle` answer it.
    ///
    /// Called on the thread of the connection's event loop, without a task, and must not hold it up.
    func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse?
}

extension HTTPHandler {
    /// Leaves every request to `handle`.
    public func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse? { nil }
}
