// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(1))) struct DynamicBatcherTests {
    private let gate = GatedProcessor.Gate()

    @Test func loneRequestStartsAtOnceWhateverTheBatchSize() async throws {
        let batcher = DynamicBatcher(gate: gate, maxQueueDepth: 0, maxBatchSize: 8)
        var batches = gate.batches.makeAsyncIterator()
        let task = Task { try await batcher.submit(1) }
        #expect(await batches.next() == [1])
        gate.release()
        #expect(try await task.value == 10)
    }

    @Test func waitingRequestsFormBatchesInOrder() async throws {
        let batcher = DynamicBatcher(gate: gate, maxBatchSize: 3)
        var batches = gate.batches.makeAsyncIterator()
        let first = Task { try await batcher.submit(1) }
        #expect(await batches.next() == [1])
        var waiting: [Task<Int, any Error>] = []
        for request in 2...5 {
            waiting.append(await batcher.submitAndWait(request))
        }
        gate.release()
        #expect(await batches.next() == [2, 3, 4])
        gate.release()
        #expect(await batches.next() == [5])
        gate.release()
        #expect(try await first.value == 10)
        for (task, result) in zip(waiting, [20, 30, 40, 50]) {
            #expect(try await task.value == result)
        }
    }

    @Test func freeWorkerLeavesItsNeighbourAShare() async throws {
        let batcher = DynamicBatcher(gate: gate, workers: 2, maxBatchSize: 8)
        var batches = gate.batches.makeAsyncIterator()
        let running = [1, 2].map { request in Task { try await batcher.submit(request) } }
        _ = await (batches.next(), batches.next())
        var waiting: [Task<Int, any Error>] = []
        for request in 3...6 {
            waiting.append(await batcher.submitAndWait(request))
        }
        gate.release()
        #expect(await batches.next() == [3, 4])
        gate.release(100)
        for task in running + waiting {
            _ = try await task.value
        }
    }

    @Test func fullQueueRefusesWithTheMeasuredTime() async throws {
        let clock = ManualClock()
        let batcher = DynamicBatcher(gate: gate, maxQueueDepth: 2, now: clock.now)
        var batches = gate.batches.makeAsyncIterator()
        let measured = Task { try await batcher.submit(1) }
        _ = await batches.next()
        clock.advance(by: .seconds(10))
        gate.release()
        _ = try await measured.value
        // The result is out before the worker has accounted for it.
        while batcher.status.busyWorkers > 0 {
            await Task.yield()
        }

        let running = Task { try await batcher.submit(2) }
        _ = await batches.next()
        let waiting = [await batcher.submitAndWait(3), await batcher.submitAndWait(4)]
        // Two before it, ten seconds each, one worker.
        await #expect(throws: DynamicBatcherError.queueFull(retryAfter: .seconds(20))) {
            try await batcher.submit(5)
        }
        gate.release(3)
        for task in [running] + waiting {
            _ = try await task.value
        }
    }

    @Test func cancelledRequestLeavesTheQueueToAnother() async throws {
        let batcher = DynamicBatcher(gate: gate, maxQueueDepth: 1)
        var batches = gate.batches.makeAsyncIterator()
        let running = Task { try await batcher.submit(1) }
        _ = await batches.next()
        let cancelled = await batcher.submitAndWait(2)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        let other = await batcher.submitAndWait(3)
        gate.release(2)
        #expect(await batches.next() == [3])
        #expect(try await running.value == 10)
        #expect(try await other.value == 30)
    }

    @Test func cancelledCallerDoesNotWaitForTheWorker() async throws {
        let batcher = DynamicBatcher(gate: gate)
        var batches = gate.batches.makeAsyncIterator()
        let running = Task { try await batcher.submit(1) }
        _ = await batches.next()
        running.cancel()
        await #expect(throws: CancellationError.self) { try await running.value }
        let next = await batcher.submitAndWait(2)
        gate.release(2)
        #expect(try await next.value == 20)
    }

    @Test func requestOfACancelledTaskIsNeverQueued() async throws {
        let batcher = DynamicBatcher(gate: gate)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await batcher.submit(1)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(batcher.status.waiting == 0)
        #expect(gate.processorCount == 0)
    }

    @Test func requestFailsAlone() async throws {
        let batcher = DynamicBatcher(gate: gate, maxBatchSize: 8)
        var batches = gate.batches.makeAsyncIterator()
        let first = Task { try await batcher.submit(1) }
        _ = await batches.next()
        let (good, bad, forgotten) = await (
            batcher.submitAndWait(2), batcher.submitAndWait(-3), batcher.submitAndWait(0)
        )
        gate.release(3)
        #expect(try await first.value == 10)
        #expect(try await good.value == 20)
        await #expect(throws: GatedProcessor.Failure(request: -3)) { try await bad.value }
        await #expect(throws: DynamicBatcherError.noResult) { try await forgotten.value }
        #expect(try await batcher.submit(4) == 40, "the worker goes on")
    }

    @Test func drainServesWhatWasTakenAndNothingNew() async throws {
        let batcher = DynamicBatcher(gate: gate)
        var batches = gate.batches.makeAsyncIterator()
        let running = Task { try await batcher.submit(1) }
        _ = await batches.next()
        let waiting = await batcher.submitAndWait(2)
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
        #expect(try await running.value == 10)
        #expect(try await waiting.value == 20)
        await drain.value
        await batcher.drain()
    }

    @Test func eachWorkerMakesOneProcessor() async throws {
        let batcher = DynamicBatcher(gate: gate, workers: 2)
        var batches = gate.batches.makeAsyncIterator()
        for _ in 0..<2 {
            let tasks = [1, 2].map { request in Task { try await batcher.submit(request) } }
            _ = await (batches.next(), batches.next())
            gate.release(2)
            for task in tasks {
                _ = try await task.value
            }
        }
        #expect(gate.processorCount == 2)
    }
}

/// A clock that moves when it is told to.
private final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var now: @Sendable () -> ContinuousClock.Instant {
        { self.instant.withLock { $0 } }
    }

    func advance(by duration: Duration) {
        instant.withLock { $0 += duration }
    }
}
