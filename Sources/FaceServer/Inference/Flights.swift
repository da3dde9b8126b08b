// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Results on their way: each is computed once, however many ask for it.
///
/// The guarantee:
/// - While a result is on its way, whoever asks for the same key joins and gets the same result. Together with the look
///   into the store that precedes a start, a key is computed once as long as the store keeps it.
/// - Everybody leaves for themselves: at their own deadline with `DynamicBatcherError.deadlineExceeded`, or with a
///   `CancellationError` when their task is cancelled. Others are not touched by that.
/// - What has to be computed is admitted once, by the first of those who wait for it and may; who may not is told so and
///   leaves. Whoever joins later needs no admission. What never starts, because the queue is full or all have left, is
///   given back to whoever was admitted.
/// - A request waits in the batcher's queue with the highest priority and until the latest deadline of those who want
///   it. When the last has left, it is withdrawn from the queue. If it has started, it runs to its end, its result goes
///   into the store, and whoever asks meanwhile joins.
///
/// The lock guards the table. It is taken before the batcher's where both are held.
final class Flights<Key: Hashable & Sendable, Processor: BatchProcessor>: Sendable {
    typealias Batcher = DynamicBatcher<Processor>
    typealias Response = Processor.Response

    /// Where results are kept.
    struct Store: Sendable {
        /// Looks where that takes no time.
        var recall: @Sendable (Key) -> Response? = { _ in nil }
        /// Looks where it may take time.
        var fetch: @Sendable (Key) async -> Response? = { _ in nil }
        /// Is handed what `fetch` found.
        var keepFetched: @Sendable (Key, Response) -> Void = { _, _ in }
        /// Is handed what was computed.
        var keepComputed: @Sendable (Key, Response) -> Void = { _, _ in }
    }

    /// A result, and where it comes from.
    struct Arrival: Sendable {
        /// How a result came about.
        enum Source: Sendable, Equatable {
            case recalled
            case fetched
            case computed(waited: Duration, batchSize: Int)
        }

        let response: Response
        let source: Source
        /// Whether somebody else had asked for it before.
        var joined = false
    }

    /// What a computation costs the one on whose behalf it is queued. Neither may wait.
    struct Admission: Sendable {
        /// Throws if the request must not be queued.
        var charge: @Sendable () throws -> Void = {}
        /// Takes the charge back.
        var refund: @Sendable () -> Void = {}
    }

    private final class Waiter: Sendable {
        let result = OneShot<Arrival>()
        let joined = Mutex(false)
        let admission: Admission

        init(admission: Admission) {
            self.admission = admission
        }
    }

    private struct Flight {
        /// Tells one flight from a later one of the same key.
        let id: UInt64
        var waiters: [Waiter]
        var priority: RequestPriority
        /// nil when somebody would wait for ever.
        var deadline: ContinuousClock.Instant?
        /// nil while the store is asked.
        var ticket: Batcher.Ticket?
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var nextID: UInt64 = 0
    }

    private let batcher: Batcher
    private let store: Store
    private let clock: any DeadlineClock
    private let onJoin: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter onJoin: is called when somebody waits for what another has asked for.
    init(
        batcher: Batcher, store: Store = Store(), clock: any DeadlineClock = SystemDeadlineClock(),
        onJoin: @escaping @Sendable () -> Void = {}
    ) {
        self.batcher = batcher
        self.store = store
        self.clock = clock
        self.onJoin = onJoin
    }

    /// How many different results are on their way.
    var count: Int {
        state.withLock { $0.flights.count }
    }

    /// How many wait for a key.
    func waiterCount(of key: Key) -> Int {
        state.withLock { $0.flights[key]?.waiters.count ?? 0 }
    }

    /// The result for a key; `request` is what to compute when nobody has.
    ///
    /// - Parameter admission: is charged when the request is about to be queued on this caller's behalf.
    /// - Throws: `DynamicBatcherError`, `CancellationError`, what `admission` threw or what the processor failed with.
    func result(
        for key: Key, _ request: Processor.Request, priority: RequestPriority = .interactive,
        deadline: ContinuousClock.Instant? = nil, admission: Admission = Admission()
    ) async throws -> Arrival {
        try Task.checkCancellation()
        let waiter = Waiter(admission: admission)
        let alarm = deadline.map { deadline in
            clock.schedule(at: deadline) { [weak self] in
                self?.leave(waiter, key, DynamicBatcherError.deadlineExceeded)
            }
        }
        defer { alarm?.cancel() }
        return try await withTaskCancellationHandler {
            board(waiter, key, request, priority, deadline)
            var arrival = try await waiter.result.value()
            arrival.joined = waiter.joined.withLock { $0 }
            return arrival
        } onCancel: {
            leave(waiter, key, CancellationError())
        }
    }

    /// Joins the flight of the key, or starts one.
    private func board(
        _ waiter: Waiter, _ key: Key, _ request: Processor.Request, _ priority: RequestPriority,
        _ deadline: ContinuousClock.Instant?
    ) {
        let started: UInt64? = state.withLock { state in
            // One who leaves settles first and then takes this lock, so either it is seen here or the waiter is found.
            guard !waiter.result.isSettled else { return nil }
            if var flight = state.flights[key],
                flight.ticket.map({ batcher.renew($0, priority: priority, deadline: deadline) }) ?? true
            {
                waiter.joined.withLock { $0 = true }
                flight.waiters.append(waiter)
                flight.priority = flight.priority == .bulk ? priority : .interactive
                flight.deadline = deadline.flatMap { new in flight.deadline.map { max($0, new) } }
                state.flights[key] = flight
                return nil
            }
            // Under the lock, since a flight may have ended since the caller looked.
            if let response = store.recall(key) {
                waiter.result.settle(.success(Arrival(response: response, source: .recalled)))
                return nil
            }
            let id = state.nextID
            state.nextID += 1
            state.flights[key] = Flight(id: id, waiters: [waiter], priority: priority, deadline: deadline, ticket: nil)
            return id
        }
        if let started {
            Task { await fly(key, started, request) }
        } else if waiter.joined.withLock({ $0 }) {
            onJoin()
        }
    }

    private func fly(_ key: Key, _ id: UInt64, _ request: Processor.Request) async {
        if let response = await store.fetch(key) {
            store.keepFetched(key, response)
            land(key, id, .success(Arrival(response: response, source: .fetched)))
            return
        }
        guard let (ticket, admission) = launch(key, id, request) else { return }
        do {
            let response = try await ticket.result.value()
            // Kept before the flight leaves the table, so that whoever comes finds one or the other.
            store.keepComputed(key, response)
            let start = ticket.start ?? (.zero, 1)
            land(
                key, id,
                .success(
                    Arrival(
                        response: response, source: .computed(waited: start.waited, batchSize: start.batchSize))))
        } catch {
            if ticket.start == nil {
                admission.refund()
            }
            land(key, id, .failure(error))
        }
    }

    /// Puts the request into the batcher's queue, unless everybody has left meanwhile or nobody is admitted.
    ///
    /// - Returns: its ticket, and the admission that was charged.
    private func launch(
        _ key: Key, _ id: UInt64, _ request: Processor.Request
    ) -> (ticket: Batcher.Ticket, admission: Admission)? {
        state.withLock { state in
            guard var flight = state.flights[key], flight.id == id else { return nil }
            while let waiter = flight.waiters.first {
                do {
                    try waiter.admission.charge()
                    break
                } catch {
                    flight.waiters.removeFirst()
                    waiter.result.settle(.failure(error))
                }
            }
            guard let payer = flight.waiters.first else {
                state.flights[key] = nil
                return nil
            }
            let ticket = batcher.enqueue(request, priority: flight.priority, deadline: flight.deadline)
            flight.ticket = ticket
            state.flights[key] = flight
            return (ticket, payer.admission)
        }
    }

    private func land(_ key: Key, _ id: UInt64, _ result: Result<Arrival, any Error>) {
        let waiters = state.withLock { state -> [Waiter] in
            guard let flight = state.flights[key], flight.id == id else { return [] }
            state.flights[key] = nil
            return flight.waiters
        }
        for waiter in waiters {
            waiter.result.settle(result)
        }
    }

    private func leave(_ waiter: Waiter, _ key: Key, _ error: any Error) {
        guard waiter.result.settle(.failure(error)) else { return }
        state.withLock { state in
            guard var flight = state.flights[key], let index = flight.waiters.firstIndex(where: { $0 === waiter })
            else { return }
            flight.waiters.remove(at: index)
            let isOver = flight.waiters.isEmpty && (flight.ticket.map { batcher.withdraw($0) } ?? false)
            state.flights[key] = isOver ? nil : flight
        }
    }
}
