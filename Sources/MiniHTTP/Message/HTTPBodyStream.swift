// SPDX-License-Identifier: Apache-2.0

/// A body that is made while it is sent, in pieces of any size.
///
/// It runs once it is the response's turn, off the event loop. A piece is asked for while fewer than
/// `HTTPServer.Configuration.maxWriteBufferBytes` wait for the client, so that a client that reads slowly holds up the
/// maker and not the memory. When the client is gone or the server stops, the task is cancelled and `send` throws
/// `CancellationError`. An error that is thrown is logged and resets the connection, so that no client takes a part for
/// the whole. To HEAD, and with a status that has no body, nothing runs.
public final class HTTPBodyStream: Sendable, Equatable {
    /// Hands over the next piece and returns when another is wanted; for one caller at a time. An empty piece is nothing.
    public typealias Send = @Sendable (_ piece: [UInt8]) async throws -> Void

    private let produce: @Sendable (_ send: @escaping Send) async throws -> Void

    /// Makes a body of what `produce` sends until it returns.
    public init(_ produce: @escaping @Sendable (_ send: @escaping Send) async throws -> Void) {
        self.produce = produce
    }

    /// Makes a body of the elements of a sequence.
    public convenience init<Pieces: AsyncSequence & Sendable>(_ pieces: Pieces) where Pieces.Element == [UInt8] {
        self.init { send in
            for try await piece in pieces {
                try await send(piece)
            }
        }
    }

    /// Makes the body, for `send` to take: what a connection does, and tests may.
    public func run(_ send: @escaping Send) async throws {
        try await produce(send)
    }

    /// Whether both are the same stream.
    public static func == (lhs: HTTPBodyStream, rhs: HTTPBodyStream) -> Bool { lhs === rhs }
}

extension HTTPBodyStream {
    /// What a stream came to.
    public enum Outcome: Sendable, Equatable {
        /// All of it was handed over.
        case complete
        /// An error was thrown.
        case failed
        /// The client did not wait for the end, or the stream never ran.
        case abandoned
    }

    /// The same body, whose end `body` is told: how many bytes were handed over, and what it came to. For a stream of one
    /// response; told once, and also where nothing runs.
    public func onEnd(_ body: @escaping @Sendable (_ bytes: Int, _ outcome: Outcome) -> Void) -> HTTPBodyStream {
        let end = HTTPBodyStreamEnd(body)
        return HTTPBodyStream { send in
            do {
                try await self.run { piece in
                    try await send(piece)
                    end.count(piece.count)
                }
                end.outcome = .complete
            } catch {
                if !Task.isCancelled, !(error is CancellationError) { end.outcome = .failed }
                throw error
            }
        }
    }
}
