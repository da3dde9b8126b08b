// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import GANKit

struct ParallelLoopTests {
    @Test(arguments: [1, 2, 4], [0, 1, 3, 100])
    func eachPieceRunsOnceOnAThreadOfItsOwnNumber(threads: Int, count: Int) {
        let runs = Mutex([Int](repeating: 0, count: count))
        let busy = Mutex([Bool](repeating: false, count: threads))
        ParallelLoop(threads: threads).run(count) { piece, thread in
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
