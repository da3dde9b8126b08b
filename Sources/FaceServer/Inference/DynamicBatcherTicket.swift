// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One request's place in the batcher: what was asked, and who waits for the answer.
///
/// Worker, cancellation and refusal may all try to settle it; the first wins and the rest do nothing.
final class DynamicBatcherTicket<Request: Sendable, Response: Sendable>: Sendable {
    private enum State {
        case unarmed
        case waiting(CheckedContinuation<Response, any Error>)
        case settled
    }

    let request: Request
    private let state = Mutex(State.unarmed)

    init(request: Request) {
        self.request = request
    }

    /// Sets who is to be told. Called once, before the ticket is queued.
    func arm(_ continuation: CheckedContinuation<Response, any Error>) {
        state.withLock { $0 = .waiting(continuation) }
    }

    /// Tells the waiter, unless that was done before. A ticket that nobody waits on yet stays as it is.
    func settle(_ result: Result<Response, any Error>) {
        let continuation: CheckedContinuation<Response, any Error>? = state.withLock { state in
            guard case .waiting(let continuation) = state else {
                return nil
            }
            state = .settled
            return continuation
        }
        continuation?.resume(with: result)
    }
}
