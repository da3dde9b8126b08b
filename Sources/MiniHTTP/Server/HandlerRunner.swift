// SPDX-License-Identifier: Apache-2.0

import Logging

/// The one place where a request crosses from an event loop to Swift concurrency, and its response back.
struct HandlerRunner: Sendable {
    let handler: any HTTPHandler
    let logger: Logger

    /// Handles the request in a task of its own and calls `completion` on the loop's thread. Cancelling the task
    /// cancels the handler; `completion` is called all the same.
    ///
    /// The task starts at once, on the loop's thread. A handler that has its answer at hand never leaves it, and
    /// `completion` is called before `run` returns.
    func run(
        _ request: consuming HTTPRequest, on loop: EventLoop, completion: @escaping @Sendable (HTTPResponse) -> Void
    ) -> Task<Void, Never> {
        let request = request
        return Task.immediate {
            let response = await respond(to: request)
            if loop.isCurrent {
                completion(response)
            } else {
                loop.execute { completion(response) }
            }
        }
    }

    /// Runs a body's stream in a task of its own. `send` is called on the loop's thread with each piece and what is to be
    /// resumed for the next, `completion` at the end.
    func run(
        _ stream: HTTPBodyStream, on loop: EventLoop,
        send: @escaping @Sendable ([UInt8], CheckedContinuation<Void, any Error>) -> Void,
        completion: @escaping @Sendable (_ isComplete: Bool) -> Void
    ) -> Task<Void, Never> {
        Task {
            do {
                try await stream.run { piece in
                    try await withCheckedThrowingContinuation { sender in
                        // A loop that has stopped has no connections.
                        if !loop.execute({ send(piece, sender) }) {
                            sender.resume(throwing: CancellationError())
                        }
                    }
                }
                loop.execute { completion(true) }
            } catch {
                if !Task.isCancelled {
                    logger.error("the body of a response failed", metadata: ["error": "\(error)"])
                }
                loop.execute { completion(false) }
            }
        }
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        do {
            return try await handler.handle(request)
        } catch let error as HTTPError {
            return error.response()
        } catch {
            if !Task.isCancelled {
                logger.error(
                    "a handler failed",
                    metadata: [
                        "method": "\(request.method)", "path": "\(request.path)", "error": "\(error)",
                    ])
            }
            return Self.internalServerError
        }
    }

    /// What the client is told of an unforeseen error: nothing.
    static var internalServerError: HTTPResponse {
        HTTPError(.internalServerError, detail: "The server failed to answer this request.").response()
    }
}
