// SPDX-License-Identifier: Apache-2.0

/// Answers requests.
public protocol HTTPHandler: Sendable {
    /// Answers one request. The task is cancelled when the client is gone or the server stops.
    ///
    /// A thrown `HTTPError` becomes its response. Any other error is logged and becomes a 500 that tells nothing.
    /// Pipelined safe requests of one connection may be handled at the same time; the connection orders the answers.
    func handle(_ request: HTTPRequest) async throws -> HTTPResponse
}
