// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(1))) struct FlightsTests {
    private typealias Table = Flights<Int, GatedProcessor>

    /// What the flights keep, and how often they looked.
    private final class Memory: Sendable {
        let kept = Mutex<[Int: Int]>([:])
        let fetches = Mutex(0)
        let stored: [Int: Int]
        let gate = AsyncGate()

        init(stored: [Int: Int] = [:]) {
            self.stored = stored
        }

        var store: Table.Store {
            Table.Store(
                recall: { key in self.kept.withLock { $0[key] } },
                fetch: { key in
                    self.fetches.withLock { $0 += 1 }
                    await self.gate.wait()
                    return self.stored[key]
                },
                keepFetched: { key, value in self.kept.withLock { $0[key] = value } },
                keepComputed: { key, value in self.kept.withLock { $0[key] = value } })
        }
    }

    private let gate = GatedProcessor.Gate()
    private let clock = ManualClock()
    private let memory = Memory()
    private let batcher: DynamicBatcher<GatedProcessor>
    private let flights: Table
    private let joins = Joins()

    private final class Joins: Sendable {
        let count = Atomic(0)
    }

    init() {
        batcher = DynamicBatcher(gate: gate, clock: clock)
        flights = Flights(batcher: batcher, store: memory.store, clock: clock) { [joins] in
            joins.count.wrappingAdd(1, ordering: .relaxed)
        }
        memory.gate.open()
    }

    /// Asks from a task of its own, and returns once it waits.
    private func ask(
        _ key: Int, priority: RequestPriority = .interactive, timeout: Duration? = nil
    ) async -> Task<Table.Arrival, any Error> {
        let before = flights.waiterCount(of: key)
        let deadline = timeout.map { clock.now + $0 }
        let task = Task { try await flights.result(for: key, key, priority: priority, deadline: deadline) }
        while flights.waiterCount(of: key) == before {
            await Task.yield()
        }
        return task
    }

    private func waitUntil(_ condition: () -> Bool) async {
        while !condition() {
            await Task.yield()
        }
    }

    @Test func equalRequestsAreComputedOnce() async throws {
        var batches = gate.batches.makeAsyncIterator()
        var tasks: [Task<Table.Arrival, any Error>] = []
        for _ in 0..<200 {
            tasks.append(await ask(1))
        }
        #expect(await batches.next() == [1])
        gate.release()
        for task in tasks {
            #expect(try await task.value.response == 10)
        }
        #expect(flights.count == 0)
        #expect(try await tasks[0].value.joined == false)
        #expect(try await tasks[199].value.joined == true)
        #expect(joins.count.load(ordering: .relaxed) == 199)
        // A second computation would wait at the gate for ever.
        let again = try await flights.result(for: 1, 1)
        #expect(again.source == .recalled)
        #expect(memory.fetches.withLock { $0 } == 1)
    }

    @Test func failureReachesAllWhoWait() async throws {
        let tasks = [await ask(-1), await ask(-1)]
        gate.release(2)
        for task in tasks {
            await #expect(throws: GatedProcessor.Failure(request: -1)) { try await task.value }
        }
        await #expect(throws: GatedProcessor.Failure(request: -1), "a failure is not kept") {
            try await flights.result(for: -1, -1)
        }
    }

    @Test func lastDepartureFreesThePlaceInTheQueue() async throws {
        let running = await ask(1)
        await waitUntil { batcher.status.busyWorkers == 1 }
        let (first, second) = (await ask(2), await ask(2))
        await waitUntil { batcher.status.waiting == 1 }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(batcher.status.waiting == 1, "somebody still waits")
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        await waitUntil { batcher.status.waiting == 0 }
        await waitUntil { flights.count == 1 }
        gate.release()
        #expect(try await running.value.response == 10)
    }

    @Test func startedWorkRunsOutAndIsKept() async throws {
        let task = await ask(1)
        await waitUntil { batcher.status.busyWorkers == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        let joined = await ask(1)
        gate.release()
        #expect(try await joined.value.response == 10)
        #expect(try await joined.value.joined)

        let abandoned = await ask(2)
        await waitUntil { batcher.status.busyWorkers == 1 }
        abandoned.cancel()
        gate.release()
        await waitUntil { memory.kept.withLock { $0[2] } == 20 }
    }

    @Test func everybodyLeavesAtTheirOwnDeadline() async throws {
        let running = await ask(1)
        await waitUntil { batcher.status.busyWorkers == 1 }
        let hasty = await ask(2, timeout: .seconds(1))
        let patient = await ask(2, timeout: .seconds(60))
        await waitUntil { batcher.status.waiting == 1 }
        clock.advance(by: .seconds(1))
        await #expect(throws: DynamicBatcherError.deadlineExceeded) { try await hasty.value }
        #expect(batcher.status.waiting == 1)
        gate.release(2)
        #expect(try await patient.value.response == 20)
        #expect(try await running.value.response == 10)
        #expect(clock.alarmCount == 0, "an alarm of what is over would hold memory")
    }

    @Test func deadlineFreesThePlaceBeforeTheBatchStarts() async throws {
        var batches = gate.batches.makeAsyncIterator()
        let running = await ask(1)
        #expect(await batches.next() == [1])
        let late = await ask(2, timeout: .seconds(1))
        await waitUntil { batcher.status.waiting == 1 }
        clock.advance(by: .seconds(1))
        await #expect(throws: DynamicBatcherError.deadlineExceeded) { try await late.value }
        await waitUntil { batcher.status.waiting == 0 }
        let next = await ask(3)
        gate.release(2)
        #expect(await batches.next() == [3])
        #expect(try await running.value.response == 10)
        #expect(try await next.value.response == 30)
    }

    @Test func joiningLateRequestProlongsIt() async throws {
        let running = await ask(1)
        await waitUntil { batcher.status.busyWorkers == 1 }
        let hasty = await ask(2, timeout: .seconds(1))
        await waitUntil { batcher.status.waiting == 1 }
        let patient = await ask(2)
        // The worker comes before the alarm does.
        clock.advance(by: .seconds(5), ringing: false)
        gate.release(2)
        #expect(try await patient.value.response == 20)
        #expect(try await hasty.value.response == 20)
        #expect(try await running.value.response == 10)
    }

    @Test func interactiveRequestPullsTheBulkOneAlong() async throws {
        let batcher = DynamicBatcher(gate: gate, maxQueueDelay: .seconds(100), clock: clock)
        let flights = Table(batcher: batcher, clock: clock)
        var batches = gate.batches.makeAsyncIterator()
        let running = Task { try await flights.result(for: 1, 1) }
        #expect(await batches.next() == [1])
        let bulk = Task { try await flights.result(for: 2, 2, priority: .bulk) }
        await waitUntil { batcher.status.waiting == 1 }
        clock.advance(by: .seconds(1))
        let other = Task { try await flights.result(for: 3, 3) }
        await waitUntil { batcher.status.waiting == 2 }
        let joined = Task { try await flights.result(for: 2, 2) }
        await waitUntil { flights.waiterCount(of: 2) == 2 }
        gate.release(3)
        #expect(await batches.next() == [2])
        for task in [running, bulk, other, joined] {
            _ = try await task.value
        }
    }

    @Test func whatTheStoreHasIsNotComputed() async throws {
        let memory = Memory(stored: [7: 700])
        let flights = Table(batcher: batcher, store: memory.store, clock: clock)
        let tasks = (0..<3).map { _ in Task { try await flights.result(for: 7, 7) } }
        await waitUntil { flights.waiterCount(of: 7) == 3 }
        memory.gate.open()
        for task in tasks {
            let arrival = try await task.value
            #expect(arrival.response == 700)
            #expect(arrival.source == .fetched)
        }
        #expect(memory.fetches.withLock { $0 } == 1)
        #expect(try await flights.result(for: 7, 7).source == .recalled)
        #expect(gate.processorCount == 0)
    }

    @Test func departureDuringTheLookIntoTheStoreIsTheEnd() async throws {
        let memory = Memory()
        let flights = Table(batcher: batcher, store: memory.store, clock: clock)
        let task = Task { try await flights.result(for: 7, 7) }
        await waitUntil { flights.waiterCount(of: 7) == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        memory.gate.open()
        await waitUntil { flights.count == 0 }
        #expect(gate.processorCount == 0)
    }

    @Test func requestOfACancelledTaskIsNeverStarted() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await flights.result(for: 1, 1, deadline: clock.now + .seconds(1))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(flights.count == 0)
        #expect(memory.fetches.withLock { $0 } == 0)
    }

    @Test func refusalReachesTheCaller() async throws {
        let batcher = DynamicBatcher(gate: gate, maxQueueDepth: 0, clock: clock)
        let flights = Table(batcher: batcher, clock: clock)
        let running = Task { try await flights.result(for: 1, 1) }
        await waitUntil { batcher.status.busyWorkers == 1 }
        await #expect(throws: DynamicBatcherError.queueFull(retryAfter: .seconds(1))) {
            try await flights.result(for: 2, 2)
        }
        gate.release()
        _ = try await running.value
        #expect(flights.count == 0)
    }
}
