// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Logging

/// The one place where a request crosses from an event loop's queue to Swift concurrency, and its response back.
struct HandlerRunner: Sendable {
    let handler: any HTTPHandler
    let logger: Logger

    /// Handles the request in a task of its own and calls `completion` on `queue`. Cancelling the task cancels the
    /// handler; `completion` is called all the same.
    func run(
        _ request: HTTPRequest, returningOn queue: DispatchQueue,
        completion: @escaping @Sendable (HTTPResponse) -> Void
    ) -> Task<Void, Never> {
        Task {
            let response = await respond(to: request)
            queue.async { completion(response) }
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
