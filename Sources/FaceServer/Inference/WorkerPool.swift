// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A fixed number of workers. Here, and only here, work crosses from Swift's cooperative threads, which must never
/// block, to Dispatch threads, which may compute for seconds.
///
/// The pool does not choose: `DynamicBatcher` decides what runs where. Jobs of one worker run one at a time, in order.
final class WorkerPool<Processor: BatchProcessor>: Sendable {
    private let workers: [Worker<Processor>]

    /// - Parameter makeProcessor: called once for each worker, on the worker's queue, before its first job.
    init(count: Int, makeProcessor: @escaping @Sendable () -> Processor) {
        workers = (0..<max(1, count)).map { index in
            Worker(label: "faceserver.worker.\(index)", makeProcessor: makeProcessor)
        }
    }

    var count: Int {
        workers.count
    }

    /// Runs `job` once for each worker that has a processor, after what that worker is at.
    func runOnAll(_ job: @escaping @Sendable (Processor) -> Void) {
        for worker in workers {
            worker.runIfReady(job)
        }
    }

    /// Runs `job` on a worker's queue.
    func run(on worker: Int, _ job: @escaping @Sendable (Processor) -> Void) {
        workers[worker].run(job)
    }
}

/// One worker: a serial queue and what is only used on it.
///
/// `@unchecked Sendable` because `processor` is read and written on `queue` only.
private final class Worker<Processor: BatchProcessor>: @unchecked Sendable {
    private let queue: DispatchQueue
    private let makeProcessor: @Sendable () -> Processor
    private var processor: Processor?

    init(label: String, makeProcessor: @escaping @Sendable () -> Processor) {
        queue = DispatchQueue(label: label, qos: .userInitiated)
        self.makeProcessor = makeProcessor
    }

    func runIfReady(_ job: @escaping @Sendable (Processor) -> Void) {
        queue.async {
            self.processor.map(job)
        }
    }

    func run(_ job: @escaping @Sendable (Processor) -> Void) {
        queue.async {
            let processor = self.processor ?? self.makeProcessor()
            self.processor = processor
            job(processor)
        }
    }
}
