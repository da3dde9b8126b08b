// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Runs the pieces of one computation on several threads.
///
/// Which thread takes which piece is left to chance, so pieces must write to disjoint memory and be cut independently of
/// the number of threads: then the result does not depend on it either.
struct ParallelLoop {
    /// The most threads that work at once, the calling one included.
    let threads: Int
    /// Threads that stand by for many loops; without them each loop asks Dispatch for threads.
    let team: ThreadTeam?

    init(threads: Int, team: ThreadTeam? = nil) {
        self.threads = threads
        self.team = team
    }

    /// Calls `body(piece, thread)` once for each piece in `0..<count`; `thread` is in `0..<threads` and no two calls with
    /// the same `thread` overlap. Returns when all calls have.
    func run(_ count: Int, _ body: (_ piece: Int, _ thread: Int) -> Void) {
        let workers = min(threads, count)
        if workers <= 1 {
            for piece in 0..<count {
                body(piece, 0)
            }
            return
        }
        if let team {
            team.run(count, threads: workers, body)
            return
        }
        let next = Atomic(0)
        withoutActuallyEscaping(body) { body in
            // The calls end before this one does, and the caller promises that pieces do not touch each other's memory.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: workers) { thread in
                while true {
                    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    if piece >= count { break }
                    body(piece, thread)
                }
            }
        }
    }
}
