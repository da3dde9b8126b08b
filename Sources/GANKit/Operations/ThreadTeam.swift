// SPDX-License-Identifier: Apache-2.0

import CProcessorHints
import Dispatch
import Glibc
import Synchronization

/// Threads that help one caller with one computation after the other.
///
/// A network is a chain of some hundred loops, the shorter ones of some ten microseconds. Waking a thread takes about as
/// long, so a helper that has finished looks out for the next loop for a moment before it sleeps.
///
/// Calls of `run` must not overlap. A loop never waits for a helper to come: the caller works as well, and takes what
/// is left.
final class ThreadTeam {
    private let job = Job()
    private var helpers: [Helper] = []

    /// Starts no thread; `run` does when it needs more of them.
    init() {}

    deinit {
        for helper in helpers {
            helper.stop()
        }
    }

    /// Calls `body(piece, thread)` once for each piece in `0..<count`; `thread` is in `0..<threads` and no two calls with
    /// the same `thread` overlap. Returns when all calls have.
    func run(_ count: Int, threads: Int, _ body: (_ piece: Int, _ thread: Int) -> Void) {
        while helpers.count < threads - 1 {
            helpers.append(Helper(thread: helpers.count + 1, job: job))
        }
        job.run(count, threads: threads, body) {
            for helper in helpers.prefix(threads - 1) {
                helper.call()
            }
        }
    }
}

/// The loop in progress.
///
/// `@unchecked Sendable` because `count`, `threads` and `body` are written only while the job is closed and nobody is in
/// it, and read only by those who saw it open after they had entered.
private final class Job: @unchecked Sendable {
    private let isOpen = Atomic(false)
    private let inside = Atomic(0)
    private let next = Atomic(0)
    private var count = 0
    private var threads = 0
    private var body: ((Int, Int) -> Void)?

    /// Runs a loop on the calling thread and those that `callHelpers` calls.
    func run(_ count: Int, threads: Int, _ body: (Int, Int) -> Void, callHelpers: () -> Void) {
        withoutActuallyEscaping(body) { body in
            self.count = count
            self.threads = threads
            self.body = body
            next.store(0, ordering: .relaxed)
            isOpen.store(true, ordering: .sequentiallyConsistent)
            callHelpers()
            work(thread: 0)
            isOpen.store(false, ordering: .sequentiallyConsistent)
            var spins = 0
            while inside.load(ordering: .sequentiallyConsistent) != 0 {
                spins += 1
                // A helper that was interrupted needs the core.
                if spins % Helper.spinsBeforeSleep == 0 { sched_yield() }
                relax_processor()
            }
            self.body = nil
        }
    }

    /// Takes part if there still is something to do.
    func help(thread: Int) {
        inside.add(1, ordering: .sequentiallyConsistent)
        if isOpen.load(ordering: .sequentiallyConsistent), thread < threads {
            work(thread: thread)
        }
        inside.subtract(1, ordering: .sequentiallyConsistent)
    }

    private func work(thread: Int) {
        while true {
            let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if piece >= count { break }
            body?(piece, thread)
        }
    }
}

/// One thread of a team.
private final class Helper: Sendable {
    /// Some thirty microseconds.
    static let spinsBeforeSleep = 2000

    /// Rises with every call; negative once the thread is to end.
    private let calls = Atomic(0)
    private let isAsleep = Atomic(false)
    private let alarm = DispatchSemaphore(value: 0)

    init(thread: Int, job: Job) {
        DetachedThread.start(name: "gankit.helper") { [self] in
            var seen = 0
            while true {
                let call = waitForCall(after: seen)
                if call < 0 { break }
                seen = call
                job.help(thread: thread)
            }
        }
    }

    func call() {
        calls.add(1, ordering: .sequentiallyConsistent)
        wake()
    }

    func stop() {
        calls.store(-1, ordering: .sequentiallyConsistent)
        wake()
    }

    private func wake() {
        if isAsleep.exchange(false, ordering: .sequentiallyConsistent) {
            alarm.signal()
        }
    }

    private func waitForCall(after seen: Int) -> Int {
        while true {
            for _ in 0..<Self.spinsBeforeSleep {
                let call = calls.load(ordering: .acquiring)
                if call != seen { return call }
                relax_processor()
            }
            isAsleep.store(true, ordering: .sequentiallyConsistent)
            // A call from before the line above went unnoticed by `wake`. If `wake` was quicker than this, it has signalled.
            if calls.load(ordering: .sequentiallyConsistent) == seen
                || !isAsleep.exchange(false, ordering: .sequentiallyConsistent)
            {
                alarm.wait()
            }
        }
    }
}
