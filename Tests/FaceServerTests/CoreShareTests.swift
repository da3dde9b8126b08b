// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

struct CoreShareTests {
    @Test(arguments: [(8, 1, 8), (8, 2, 4), (8, 3, 2), (2, 3, 1), (0, 1, 1)])
    func coresAreSharedByThoseThatAreBusy(cores: Int, busy: Int, threads: Int) {
        let share = CoreShare(cores: cores)
        #expect(Self.nested(share, depth: busy) == threads)
        #expect(share.run { $0 } == max(1, cores), "what has ended no longer counts")
    }

    @Test func failureGivesTheShareBack() {
        struct Failure: Error {}
        let share = CoreShare(cores: 4)
        #expect(throws: Failure.self) { try share.run { _ in throw Failure() } }
        #expect(share.run { $0 } == 4)
    }

    /// The share of the last of `depth` that are busy at once.
    private static func nested(_ share: CoreShare, depth: Int) -> Int {
        share.run { threads in depth == 1 ? threads : nested(share, depth: depth - 1) }
    }
}
