// SPDX-License-Identifier: Apache-2.0

/// A move that the server's lifecycle does not have.
public enum HTTPServerError: Error, Equatable, CustomStringConvertible {
    /// `start` or `run` on a server that was started before; a server runs once.
    case alreadyStarted
    /// The server was shut down before it had started.
    case shutDown
    /// The configured `serverName` holds a control character, which a field cannot.
    case invalidServerName

    /// One sentence.
    public var description: String {
        switch self {
        case .alreadyStarted: "the server was already started; a server runs once"
        case .invalidServerName: "the server name holds a control character"
        case .shutDown: "the server was shut down before it had started"
        }
    }
}
