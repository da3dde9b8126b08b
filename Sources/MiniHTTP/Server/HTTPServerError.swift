// SPDX-License-Identifier: Apache-2.0

/// A move that the server's lifecycle does not have.
public enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// `start` or `run` on a server that was started before; a server runs once.
    case alreadyStarted
    /// The server was shut down before it had started.
    case shutDown

    /// One sentence.
    public var description: String {
        switch self {
        case .alreadyStarted: "the server was already started; a server runs once"
        case .shutDown: "the server was shut down before it had started"
        }
    }
}
