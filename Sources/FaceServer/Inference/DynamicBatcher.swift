// SPDX-License-Identifier: Apache-2.0

import DequeModule
import Synchronization

/// A bounded queue in front of a pool of workers.
///
/// The guarantee:
/// - A request starts at once when a worker is free. It never waits for company; batches form only from requests
///   that already wait because every worker is busy.
/// - Requests start in the order in which they came. At most `maxQueueDepth` wait, so a request that is taken starts
///   after at most `maxQueueDepth` others, spread over all workers. One more is refused at once, with the time after
///   which the measured rate lets a place become free.
/// - A worker that becomes free takes at most `maxBatchSize` requests, and no more than its share of those that wait,
///   so one worker does not pile up what its neighbours could do sooner.
/// - A caller whose task is cancelled returns at once. If its request still waits, the place in the queue is free for
///   another; if the request has started, its result is dropped.
/// - A request that fails, fails alone: the others of its batch and the next ones are served.
/// - After `drain()` nothing new is taken, everything taken is served, and `drain()` returns when that is done.
final class DynamicBatcher<Processor: BatchProcessor>: Sendable {
    /// The bounds of the queue.
    struct Limits: Sendable {
        /// The number of requests that may wait beside those that are being computed.
        var maxQueueDepth: Int
        /// The number of requests that one worker takes at once.
        var maxBatchSize: Int
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

    private typealias Ticket = DynamicBatcherTicket<Processor.Request, Processor.Response>

    private struct State {
        var waiting: Deque<Ticket> = []
        var idleWorkers: [Int]
        var rate = ServiceRate()
        var isDraining = false
        var drainWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private struct Batch: Sendable {
        let worker: Int
        let tickets: [Ticket]
    }

    private let limits: Limits
    private let pool: WorkerPool<Processor>
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// - Parameter now: the clock that the service rate is measured with.
    init(
        limits: Limits,
        pool: WorkerPool<Processor>,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.limits = limits
        self.pool = pool
        self.now = now
        // Reversed, because workers are taken from the end: the first request goes to worker 0.
        state = Mutex(State(idleWorkers: Array((0..<pool.count).reversed())))
    }

    /// What the batcher does at this moment.
    var status: Status {
        state.withLock { state in
            Status(
                waiting: state.waiting.count,
                busyWorkers: pool.count - state.idleWorkers.count,
                isDraining: state.isDraining
            )
        }
    }

    /// Queues a request and waits for its result.
    ///
    /// - Throws: `DynamicBatcherError`, `CancellationError`, or what the processor failed with.
    func submit(_ request: Processor.Request) async throws -> Processor.Response {
        let ticket = Ticket(request: request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(ticket, continuation)
            }
        } onCancel: {
            // A cancellation from before `enqueue` finds nothing here; `enqueue` sees it for itself.
            state.withLock { state in
                state.waiting.removeAll { $0 === ticket }
            }
            ticket.settle(.failure(CancellationError()))
        }
    }

    /// Refuses everything new from now on and returns when everything taken before is done.
    func drain() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                state.isDraining = true
                guard state.waiting.isEmpty, state.idleWorkers.count == pool.count else {
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

    private func enqueue(_ ticket: Ticket, _ continuation: CheckedContinuation<Processor.Response, any Error>) {
        ticket.arm(continuation)
        let outcome: Result<Batch?, any Error> = state.withLock { state in
            // Cancellation is marked before its handler runs, and the handler takes this lock. So either the mark is
            // seen here, or the handler finds the ticket in the queue.
            if Task.isCancelled {
                return .failure(CancellationError())
            }
            if state.isDraining {
                return .failure(DynamicBatcherError.draining)
            }
            guard !state.idleWorkers.isEmpty || state.waiting.count < limits.maxQueueDepth else {
                let time = state.rate.timeToServe(state.waiting.count, workers: pool.count)
                return .failure(DynamicBatcherError.queueFull(retryAfter: time))
            }
            state.waiting.append(ticket)
            return .success(state.idleWorkers.popLast().map { takeBatch(&state, for: $0) })
        }
        switch outcome {
        case .success(let batch?):
            start(batch)
        case .success(nil):
            break
        case .failure(let error):
            ticket.settle(.failure(error))
        }
    }

    /// Takes the next requests off a queue that is not empty.
    private func takeBatch(_ state: inout State, for worker: Int) -> Batch {
        let share = (state.waiting.count + pool.count - 1) / pool.count
        let count = min(limits.maxBatchSize, share)
        let tickets = Array(state.waiting.prefix(count))
        state.waiting.removeFirst(tickets.count)
        return Batch(worker: worker, tickets: tickets)
    }

    private func start(_ batch: Batch) {
        pool.run(on: batch.worker) { [self] processor in
            let began = now()
            processor.process(batch.tickets.map(\.request)) { index, result in
                batch.tickets[index].settle(result)
            }
            for ticket in batch.tickets {
                // Only those that the processor forgot are still unsettled.
                ticket.settle(.failure(DynamicBatcherError.noResult))
            }
            finish(batch, took: now() - began)
        }
    }

    private func finish(_ batch: Batch, took duration: Duration) {
        let (next, drained) = state.withLock { state -> (Batch?, [CheckedContinuation<Void, Never>]) in
            state.rate.record(duration, count: batch.tickets.count)
            guard state.waiting.isEmpty else {
                return (takeBatch(&state, for: batch.worker), [])
            }
            state.idleWorkers.append(batch.worker)
            guard state.isDraining, state.idleWorkers.count == pool.count else {
                return (nil, [])
            }
            defer {
                state.drainWaiters = []
            }
            return (nil, state.drainWaiters)
        }
        if let next {
            start(next)
        }
        for waiter in drained {
            waiter.resume()
        }
    }
}
