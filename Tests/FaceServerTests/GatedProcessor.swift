// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

@testable import FaceServer

/// A processor that a test holds and lets go: it answers n with n * 10, fails on negative numbers, and forgets zero.
/// Numbers below a thousand are one group, those below two thousand the next.
final class GatedProcessor: BatchProcessor {
    struct Failure: Error, Equatable {
        let request: Int
    }

    /// What all workers of a test share.
    final class Gate: Sendable {
        /// The requests of each batch as it begins.
        let batches: AsyncStream<[Int]>
        private let begin: AsyncStream<[Int]>.Continuation
        private let permits = DispatchSemaphore(value: 0)
        private let processors = Mutex(0)

        init() {
            (batches, begin) = AsyncStream.makeStream()
        }

        /// Lets one batch finish.
        func release(_ count: Int = 1) {
            for _ in 0..<count {
                permits.signal()
            }
        }

        var processorCount: Int { processors.withLock { $0 } }

        func addProcessor() {
            processors.withLock { $0 += 1 }
        }

        func hold(_ requests: [Int]) {
            begin.yield(requests)
            permits.wait()
        }
    }

    private let gate: Gate

    init(gate: Gate) {
        self.gate = gate
        gate.addProcessor()
    }

    static func batchGroup(of request: Int) -> Int {
        abs(request) / 1000
    }

    func process(_ requests: [Int], deliver: (Int, Result<Int, any Error>) -> Void) {
        gate.hold(requests)
        for (index, request) in requests.enumerated() where request != 0 {
            deliver(index, request > 0 ? .success(request * 10) : .failure(Failure(request: request)))
        }
    }
}

extension DynamicBatcher where Processor == GatedProcessor {
    convenience init(
        gate: GatedProcessor.Gate, workers: Int = 1, maxQueueDepth: Int = 100, maxBatchSize: Int = 1,
        maxQueueDelay: Duration = .zero, clock: ManualClock = ManualClock()
    ) {
        self.init(
            limits: Limits(
                maxQueueDepth: maxQueueDepth, maxBatchSize: maxBatchSize, maxQueueDelay: maxQueueDelay),
            pool: WorkerPool(count: workers) { GatedProcessor(gate: gate) },
            now: { clock.now }
        )
    }

    /// Waits until the workers have accounted for all that they gave out.
    func becomeIdle() async {
        while status.busyWorkers > 0 {
            await Task.yield()
        }
    }
}
