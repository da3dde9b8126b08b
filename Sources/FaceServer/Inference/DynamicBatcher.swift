// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A bounded queue in front of a pool of workers.
///
/// The guarantee:
/// - A request starts at once when a worker is free. It never waits for company: batches form only from requests that
///   already wait because every worker is busy.
/// - Requests start in the order in which they came, but for bulk requests, which count as come `maxQueueDelay` later
///   than they did. So a bulk request lets go first only the interactive requests that came at most `maxQueueDelay`
///   after it, whatever the load; with a delay of zero there are no priorities.
/// - At most `maxQueueDepth` requests wait. One more is refused at once, with the time after which the measured rate
///   lets a place become free. Bulk requests are refused as soon as half of the places are taken, so that they leave
///   room for interactive ones.
/// - A worker that becomes free takes the first in line and those that wait behind it and are of the same group:
///   together at most `maxBatchSize`, and no more than its share of all that wait, so that one worker does not pile up
///   what its neighbours could do sooner. Those of other groups keep their order. Every batch begins with the first in
///   line, so at most as many batches start before a request as requests are before it.
/// - A request whose deadline has passed never starts, and takes no place from another.
/// - A request that is withdrawn before it starts leaves its place to another. What has started runs to its end.
/// - A request that fails, fails alone: the others of its batch and the next ones are served.
/// - After `drain()` nothing new is taken, everything taken is served, and `drain()` returns when that is done.
///
/// The lock guards the queue and the list of free workers. Nothing is computed, called back or resumed under it.
final class DynamicBatcher<Processor: BatchProcessor>: Sendable {
    typealias Request = Processor.Request
    typealias Response = Processor.Response
    typealias Ticket = DynamicBatcherTicket<Request, Response>

    /// The bounds of the queue.
    struct Limits: Sendable {
        /// The number of requests that may wait beside those that are being computed.
        var maxQueueDepth: Int
        /// The number of requests that one worker takes at once.
        var maxBatchSize: Int
        /// How long a bulk request gives way to interactive ones.
        var maxQueueDelay: Duration = .zero

        func maxDepth(for priority: RequestPriority) -> Int {
            switch priority {
            case .interactive: maxQueueDepth
            case .bulk: (maxQueueDepth + 1) / 2
            }
        }
    }

    /// A look at the batcher from outside.
    struct Status: Sendable, Equatable {
        /// Requests that have not started.
        var waiting: Int
        /// Workers that compute.
        var busyWorkers: Int
        /// Whether new requests are refused for good.
        var isDraining: Bool
    }

    private struct State {
        var line: WaitingLine<Ticket>
        /// While there is one, the line is empty.
        var idleWorkers: [Int]
        var rate = ServiceRate()
        var isDraining = false
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Batch: Sendable {
        let worker: Int
        let tickets: [Ticket]
    }

    /// What is left to do once the lock is released.
    private struct FollowUp {
        var batch: Batch?
        var failures: [(ticket: Ticket, error: DynamicBatcherError)] = []
        var drained: [CheckedContinuation<Void, Never>] = []
    }

    private let limits: Limits
    private let pool: WorkerPool<Processor>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let observe: @Sendable (DynamicBatcherEvent) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - now: the clock of deadlines, of the order in line and of the service rate.
    ///   - observe: is told what happens, outside of the lock; it must not block.
    init(
        limits: Limits,
        pool: WorkerPool<Processor>,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now },
        observe: @escaping @Sendable (DynamicBatcherEvent) -> Void = { _ in }
    ) {
        self.limits = limits
        self.pool = pool
        self.now = now
        self.observe = observe
        // Reversed, because workers are taken from the end: the first request goes to worker 0.
        state = Mutex(
            State(
                line: WaitingLine(maxQueueDelay: limits.maxQueueDelay),
                idleWorkers: Array((0..<pool.count).reversed())))
    }

    /// What the batcher does at this moment.
    var status: Status {
        state.withLock { state in
            Status(
                waiting: state.line.count,
                busyWorkers: pool.count - state.idleWorkers.count,
                isDraining: state.isDraining
            )
        }
    }

    /// Takes a request. Its ticket's result fails with `DynamicBatcherError` or with what the processor failed with.
    func enqueue(
        _ request: Request, priority: RequestPriority = .interactive, deadline: ContinuousClock.Instant? = nil
    ) -> Ticket {
        let ticket = Ticket(request: request)
        perform(state.withLock { take(ticket, priority, deadline, &$0) })
        return ticket
    }

    /// Takes a request that waits out of the queue; its result is a `CancellationError`. Returns false when it has
    /// started, and so will have a result, or has ended.
    func withdraw(_ ticket: Ticket) -> Bool {
        let wasWaiting = state.withLock { state in
            let wasWaiting = state.line.remove(ticket)
            if wasWaiting {
                ticket.phase.withLock { $0 = .ended }
            }
            return wasWaiting
        }
        if wasWaiting {
            observe(.withdrawn)
            ticket.result.settle(.failure(CancellationError()))
        }
        return wasWaiting
    }

    /// Lets somebody else wait for the same request: until their deadline, and with their priority if it is higher.
    /// Returns false when the request has ended without a start.
    func renew(_ ticket: Ticket, priority: RequestPriority, deadline: ContinuousClock.Instant?) -> Bool {
        state.withLock { state in
            state.line.renew(ticket, priority, deadline: deadline) || ticket.phase.withLock { $0 } != .ended
        }
    }

    /// Refuses everything new from now on and returns when everything taken before is done.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                state.isDraining = true
                guard state.line.isEmpty, state.idleWorkers.count == pool.count else {
                    state.drainWaiters.append(continuation)
                    return false
                }
                return true
            }
            if isDone {
                continuation.resume()
            }
        }
    }

    private func take(
        _ ticket: Ticket, _ priority: RequestPriority, _ deadline: ContinuousClock.Instant?, _ state: inout State
    ) -> FollowUp {
        let now = now()
        var followUp = FollowUp()
        if state.isDraining {
            fail(ticket, .draining, &followUp)
        } else if let deadline, deadline <= now {
            fail(ticket, .deadlineExceeded, &followUp)
        } else if let worker = state.idleWorkers.popLast() {
            state.line.append(ticket, priority, deadline: deadline, arrival: now)
            takeBatch(for: worker, now, &state, &followUp)
        } else {
            let maxDepth = limits.maxDepth(for: priority)
            if state.line.count >= maxDepth {
                // Clients that are gone, though nobody has told us yet, keep nobody out.
                for expired in state.line.removeExpired(now: now) {
                    fail(expired, .deadlineExceeded, &followUp)
                }
            }
            if state.line.count < maxDepth {
                state.line.append(ticket, priority, deadline: deadline, arrival: now)
            } else {
                let time = state.rate.timeToServe(state.line.count, workers: pool.count)
                fail(ticket, .queueFull(retryAfter: time), &followUp)
            }
        }
        return followUp
    }

    /// Takes the next requests for a worker, which becomes idle when there are none.
    private func takeBatch(
        for worker: Int, _ now: ContinuousClock.Instant, _ state: inout State, _ followUp: inout FollowUp
    ) {
        let share = (state.line.count + pool.count - 1) / pool.count
        let taken = state.line.takeBatch(limit: min(limits.maxBatchSize, max(1, share)), now: now) { first, other in
            Processor.batchGroup(of: first.request) == Processor.batchGroup(of: other.request)
        }
        for ticket in taken.expired {
            fail(ticket, .deadlineExceeded, &followUp)
        }
        guard !taken.batch.isEmpty else {
            state.idleWorkers.append(worker)
            return
        }
        for (ticket, waited) in taken.batch {
            ticket.phase.withLock { $0 = .started(after: waited, batchSize: taken.batch.count) }
        }
        followUp.batch = Batch(worker: worker, tickets: taken.batch.map(\.ticket))
    }

    private func fail(_ ticket: Ticket, _ error: DynamicBatcherError, _ followUp: inout FollowUp) {
        ticket.phase.withLock { $0 = .ended }
        followUp.failures.append((ticket, error))
    }

    private func perform(_ followUp: FollowUp) {
        if let batch = followUp.batch {
            start(batch)
        }
        for (ticket, error) in followUp.failures {
            ticket.result.settle(.failure(error))
        }
        for waiter in followUp.drained {
            waiter.resume()
        }
    }

    private func start(_ batch: Batch) {
        observe(.started(waited: batch.tickets.compactMap { $0.start?.waited }))
        pool.run(on: batch.worker) { [self] processor in
            let began = now()
            processor.process(batch.tickets.map(\.request)) { index, result in
                batch.tickets[index].result.settle(result)
            }
            for ticket in batch.tickets {
                // Only those that the processor forgot are still unsettled.
                ticket.result.settle(.failure(DynamicBatcherError.noResult))
            }
            finish(batch, took: now() - began)
        }
    }

    private func finish(_ batch: Batch, took duration: Duration) {
        let now = now()
        perform(
            state.withLock { state in
                var followUp = FollowUp()
                state.rate.record(duration, count: batch.tickets.count)
                takeBatch(for: batch.worker, now, &state, &followUp)
                if state.isDraining, state.idleWorkers.count == pool.count {
                    followUp.drained = state.drainWaiters
                    state.drainWaiters = []
                }
                return followUp
            })
    }
}

extension DynamicBatcher {
    /// Takes a request and waits for its result. When the task is cancelled, a request that waits is withdrawn.
    ///
    /// - Throws: `DynamicBatcherError`, `CancellationError`, or what the processor failed with.
    func submit(
        _ request: Request, priority: RequestPriority = .interactive, deadline: ContinuousClock.Instant? = nil
    ) async throws -> Response {
        try Task.checkCancellation()
        let ticket = enqueue(request, priority: priority, deadline: deadline)
        return try await withTaskCancellationHandler {
            try await ticket.result.value()
        } onCancel: {
            _ = withdraw(ticket)
        }
    }
}
