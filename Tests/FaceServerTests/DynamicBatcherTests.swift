// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import FaceServer

/// Each sentence of the guarantee, on a clock that moves by hand and with workers that are held.
@Suite(.timeLimit(.minutes(1))) struct DynamicBatcherTests {
    private typealias Batcher = DynamicBatcher<GatedProcessor>

    private let gate = GatedProcessor.Gate()
    private let clock = ManualClock()

    /// The batches that follow when the workers are let go.
    private func batches(_ count: Int, _ iterator: inout AsyncStream<[Int]>.Iterator) async -> [[Int]] {
        var batches: [[Int]] = []
        for _ in 0..<count {
            gate.release()
            batches.append(await iterator.next() ?? [])
        }
        return batches
    }

    @Test func loneRequestStartsAtOnceWhateverTheBatchSizeAndDelay() async throws {
        let batcher = Batcher(
            gate: gate, maxQueueDepth: 0, maxBatchSize: 8, maxQueueDelay: .seconds(3600), clock: clock)
        for priority in RequestPriority.allCases {
            var batches = gate.batches.makeAsyncIterator()
            let ticket = batcher.enqueue(1, priority: priority)
            #expect(ticket.start?.waited == .zero, "it has started before `enqueue` returned")
            #expect(ticket.start?.batchSize == 1)
            #expect(await batches.next() == [1])
            gate.release()
            #expect(try await ticket.result.value() == 10)
            await batcher.becomeIdle()
        }
    }

    @Test func requestsThatComeWhileAWorkerIsFreeFormNoBatch() async throws {
        let batcher = Batcher(gate: gate, workers: 3, maxBatchSize: 8)
        let tickets = [1, 2, 3].map { batcher.enqueue($0) }
        #expect(tickets.map { $0.start?.batchSize } == [1, 1, 1])
        gate.release(3)
        for ticket in tickets {
            _ = try await ticket.result.value()
        }
    }

    @Test func waitingRequestsFormBatchesInOrder() async throws {
        let batcher = Batcher(gate: gate, maxBatchSize: 3)
        var iterator = gate.batches.makeAsyncIterator()
        let tickets = (1...5).map { batcher.enqueue($0) }
        #expect(await iterator.next() == [1])
        #expect(tickets.dropFirst().allSatisfy { $0.start == nil })
        #expect(await batches(2, &iterator) == [[2, 3, 4], [5]])
        gate.release()
        for (ticket, result) in zip(tickets, [10, 20, 30, 40, 50]) {
            #expect(try await ticket.result.value() == result)
        }
        #expect(tickets.map { $0.start?.batchSize } == [1, 3, 3, 3, 1])
    }

    @Test func otherGroupsNeverShareABatch() async throws {
        let batcher = Batcher(gate: gate, maxBatchSize: 8)
        var iterator = gate.batches.makeAsyncIterator()
        let tickets = [1, 1001, 2, 2001, 1002, 3].map { batcher.enqueue($0) }
        #expect(await iterator.next() == [1])
        #expect(await batches(3, &iterator) == [[1001, 1002], [2, 3], [2001]])
        gate.release()
        for ticket in tickets {
            _ = try await ticket.result.value()
        }
    }

    @Test func freeWorkerLeavesItsNeighbourAShare() async throws {
        let batcher = Batcher(gate: gate, workers: 2, maxBatchSize: 8)
        var iterator = gate.batches.makeAsyncIterator()
        let tickets = (1...6).map { batcher.enqueue($0) }
        _ = await (iterator.next(), iterator.next())
        gate.release()
        #expect(await iterator.next() == [3, 4])
        gate.release(100)
        for ticket in tickets {
            _ = try await ticket.result.value()
        }
    }

    @Test func bulkGivesWayForTheDelayAndNoLonger() async throws {
        let batcher = Batcher(gate: gate, maxQueueDelay: .seconds(10), clock: clock)
        var iterator = gate.batches.makeAsyncIterator()
        var tickets = [batcher.enqueue(1), batcher.enqueue(2, priority: .bulk)]
        clock.advance(by: .seconds(9))
        tickets.append(batcher.enqueue(3))
        clock.advance(by: .seconds(2))
        tickets.append(batcher.enqueue(4))
        #expect(await iterator.next() == [1])
        #expect(await batches(3, &iterator) == [[3], [2], [4]])
        gate.release()
        for ticket in tickets {
            _ = try await ticket.result.value()
        }
        #expect(tickets[1].start?.waited == .seconds(11))
    }

    @Test func fullQueueRefusesWithTheMeasuredTime() async throws {
        let batcher = Batcher(gate: gate, maxQueueDepth: 2, clock: clock)
        var iterator = gate.batches.makeAsyncIterator()
        let measured = batcher.enqueue(1)
        _ = await iterator.next()
        clock.advance(by: .seconds(10))
        gate.release()
        _ = try await measured.result.value()
        // The result is out before the worker has accounted for it.
        await batcher.becomeIdle()

        let taken = [2, 3, 4].map { batcher.enqueue($0) }
        // Two before it, ten seconds each, one worker.
        await #expect(throws: DynamicBatcherError.queueFull(retryAfter: .seconds(20))) {
            try await batcher.submit(5)
        }
        gate.release(3)
        for ticket in taken {
            _ = try await ticket.result.value()
        }
    }

    @Test func bulkLeavesHalfOfThePlacesFree() async throws {
        let batcher = Batcher(gate: gate, maxQueueDepth: 5)
        let running = batcher.enqueue(1)
        let bulk = (2...5).map { batcher.enqueue($0, priority: .bulk) }
        #expect(batcher.status.waiting == 3, "half of five, rounded up")
        await #expect(throws: DynamicBatcherError.queueFull(retryAfter: .seconds(1))) {
            try await bulk[3].result.value()
        }
        let interactive = (6...7).map { batcher.enqueue($0) }
        #expect(batcher.status.waiting == 5)
        gate.release(6)
        for ticket in [running] + bulk.dropLast() + interactive {
            _ = try await ticket.result.value()
        }
    }

    @Test func requestNeverStartsAfterItsDeadline() async throws {
        let batcher = Batcher(gate: gate, maxBatchSize: 8, clock: clock)
        var iterator = gate.batches.makeAsyncIterator()
        let running = batcher.enqueue(1, deadline: clock.now + .seconds(1))
        #expect(await iterator.next() == [1])
        let late = batcher.enqueue(2, deadline: clock.now + .seconds(5))
        let patient = batcher.enqueue(3, deadline: clock.now + .seconds(6))
        clock.advance(by: .seconds(5))
        #expect(await batches(1, &iterator) == [[3]])
        await #expect(throws: DynamicBatcherError.deadlineExceeded) { try await late.result.value() }
        await #expect(throws: DynamicBatcherError.deadlineExceeded) {
            try await batcher.submit(4, deadline: clock.now)
        }
        gate.release()
        #expect(try await running.result.value() == 10, "what has started runs to its end")
        #expect(try await patient.result.value() == 30)
    }

    @Test func requestAfterItsDeadlineTakesNoPlaceFromAnother() async throws {
        let batcher = Batcher(gate: gate, maxQueueDepth: 1, clock: clock)
        let running = batcher.enqueue(1)
        let late = batcher.enqueue(2, deadline: clock.now + .seconds(5))
        clock.advance(by: .seconds(5))
        let next = batcher.enqueue(3)
        await #expect(throws: DynamicBatcherError.deadlineExceeded) { try await late.result.value() }
        gate.release(2)
        #expect(try await running.result.value() == 10)
        #expect(try await next.result.value() == 30)
    }

    @Test func workerThatFindsOnlyLateRequestsIsFree() async throws {
        let batcher = Batcher(gate: gate, clock: clock)
        let running = batcher.enqueue(1)
        let late = batcher.enqueue(2, deadline: clock.now + .seconds(5))
        clock.advance(by: .seconds(5))
        gate.release()
        _ = try await running.result.value()
        await #expect(throws: DynamicBatcherError.deadlineExceeded) { try await late.result.value() }
        await batcher.becomeIdle()
        gate.release()
        #expect(try await batcher.submit(3) == 30)
    }

    @Test func withdrawnRequestLeavesItsPlaceToAnother() async throws {
        let batcher = Batcher(gate: gate, maxQueueDepth: 1)
        var iterator = gate.batches.makeAsyncIterator()
        let running = batcher.enqueue(1)
        #expect(await iterator.next() == [1])
        let withdrawn = batcher.enqueue(2)
        #expect(batcher.withdraw(withdrawn))
        #expect(!batcher.withdraw(withdrawn), "once is enough")
        #expect(!batcher.renew(withdrawn, priority: .interactive, deadline: nil))
        await #expect(throws: CancellationError.self) { try await withdrawn.result.value() }
        let other = batcher.enqueue(3)
        #expect(await batches(1, &iterator) == [[3]])
        gate.release()
        #expect(try await running.result.value() == 10)
        #expect(try await other.result.value() == 30)
    }

    @Test func startedRequestRunsToItsEnd() async throws {
        let batcher = Batcher(gate: gate)
        let running = batcher.enqueue(1)
        #expect(!batcher.withdraw(running))
        #expect(batcher.renew(running, priority: .interactive, deadline: nil), "its result is still to be had")
        gate.release()
        #expect(try await running.result.value() == 10)
    }

    @Test func cancelledCallerWithdrawsItsRequest() async throws {
        let batcher = Batcher(gate: gate)
        let running = batcher.enqueue(1)
        let caller = Task { try await batcher.submit(2) }
        while batcher.status.waiting == 0 {
            await Task.yield()
        }
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(batcher.status.waiting == 0)
        gate.release()
        _ = try await running.result.value()
    }

    @Test func requestOfACancelledTaskIsNeverQueued() async throws {
        let batcher = Batcher(gate: gate)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await batcher.submit(1)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(batcher.status == .init(waiting: 0, busyWorkers: 0, isDraining: false))
        #expect(gate.processorCount == 0)
    }

    @Test func requestFailsAlone() async throws {
        let batcher = Batcher(gate: gate, maxBatchSize: 8)
        let first = batcher.enqueue(1)
        let (good, bad, forgotten) = (batcher.enqueue(2), batcher.enqueue(-3), batcher.enqueue(0))
        gate.release(3)
        #expect(try await first.result.value() == 10)
        #expect(try await good.result.value() == 20)
        await #expect(throws: GatedProcessor.Failure(request: -3)) { try await bad.result.value() }
        await #expect(throws: DynamicBatcherError.noResult) { try await forgotten.result.value() }
        #expect(try await batcher.submit(4) == 40, "the worker goes on")
    }

    @Test func drainServesWhatWasTakenAndNothingNew() async throws {
        let batcher = Batcher(gate: gate)
        let running = batcher.enqueue(1)
        let waiting = batcher.enqueue(2)
        let drained = Mutex(false)
        let drain = Task {
            await batcher.drain()
            drained.withLock { $0 = true }
        }
        while !batcher.status.isDraining {
            await Task.yield()
        }
        await #expect(throws: DynamicBatcherError.draining) { try await batcher.submit(3) }
        #expect(!drained.withLock { $0 })
        gate.release(2)
        #expect(try await running.result.value() == 10)
        #expect(try await waiting.result.value() == 20)
        await drain.value
        await batcher.drain()
    }

    @Test func drainEndsThoughWhatWaitedWasWithdrawn() async throws {
        let batcher = Batcher(gate: gate)
        let running = batcher.enqueue(1)
        let waiting = batcher.enqueue(2)
        let drain = Task { await batcher.drain() }
        while !batcher.status.isDraining {
            await Task.yield()
        }
        #expect(batcher.withdraw(waiting))
        gate.release()
        _ = try await running.result.value()
        await drain.value
    }

    @Test func eachWorkerMakesOneProcessor() async throws {
        let batcher = Batcher(gate: gate, workers: 2)
        for _ in 0..<2 {
            let tickets = [1, 2].map { batcher.enqueue($0) }
            gate.release(2)
            for ticket in tickets {
                _ = try await ticket.result.value()
            }
            await batcher.becomeIdle()
        }
        #expect(gate.processorCount == 2)
    }
}
