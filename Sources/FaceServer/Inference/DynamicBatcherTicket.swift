// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One request's place in the batcher: what was asked, how far it is, and its result.
final class DynamicBatcherTicket<Request: Sendable, Response: Sendable>: Sendable {
    /// How far a request is.
    enum Phase: Sendable, Equatable {
        case waiting
        /// It will be computed to its end, whether or not anybody still wants it.
        case started(after: Duration, batchSize: Int)
        /// It will never start: it was withdrawn or refused, or its deadline has passed.
        case ended
    }

    let request: Request
    let result = OneShot<Response>()
    /// Moves on only while the batcher's lock is held, so that it agrees with the queue.
    let phase = Mutex(Phase.waiting)

    init(request: Request) {
        self.request = request
    }

    /// How long the request waited and how many were computed with it, once it has started.
    var start: (waited: Duration, batchSize: Int)? {
        if case .started(let waited, let size) = phase.withLock({ $0 }) { (waited, size) } else { nil }
    }
}
