// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization
import Testing

@testable import GANKit

struct ThreadTeamTests {
    /// Loops follow each other at once, as a network's do, so helpers come late to some of them and find others closed.
    @Test(arguments: [2, 3, 5])
    func eachPieceOfManyLoopsRunsOnceOnAThreadOfItsOwnNumber(largest: Int) {
        let team = ThreadTeam()
        for loop in 0..<2000 {
            // The team serves loops on fewer threads than it has as well.
            let (threads, count) = (1 + loop % largest, loop % 7)
            let runs = Mutex([Int](repeating: 0, count: count))
            let busy = Mutex([Bool](repeating: false, count: threads))
            team.run(count, threads: threads) { piece, thread in
                busy.withLock {
                    #expect(!$0[thread])
                    $0[thread] = true
                }
                runs.withLock { $0[piece] += 1 }
                busy.withLock { $0[thread] = false }
            }
            #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
        }
    }

    @Test
    func helpersTakePartAlsoAfterTheyFellAsleep() {
        let team = ThreadTeam()
        for _ in 0..<3 {
            // Both pieces wait for each other, so one thread alone would never end.
            let other = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
            team.run(2, threads: 2) { piece, _ in
                other[1 - piece].signal()
                other[piece].wait()
            }
            // Longer than a helper looks out for the next loop.
            let start = ContinuousClock.now
            while ContinuousClock.now - start < .milliseconds(5) {}
        }
    }
}
