// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct CoreYieldTests {
    private let start = MonotonicInstant.now

    @Test func onlyABusyTurnYields() {
        let coreYield = CoreYield()
        #expect(!coreYield.isDue(after: 0, now: start))
        #expect(!coreYield.isDue(after: CoreYield.minReads - 1, now: start))
        #expect(coreYield.isDue(after: CoreYield.minReads, now: start))
    }

    @Test func shortYieldIsFollowedByOthers() {
        var coreYield = CoreYield()
        let end = start + CoreYield.maxDuration
        coreYield.ended(since: start, now: end)
        #expect(coreYield.isDue(after: 100, now: end))
    }

    @Test func longYieldIsFollowedByAPause() {
        var coreYield = CoreYield()
        let end = start + CoreYield.maxDuration + .nanoseconds(1)
        coreYield.ended(since: start, now: end)
        #expect(!coreYield.isDue(after: 100, now: end))
        #expect(!coreYield.isDue(after: 100, now: end + (CoreYield.pause - .nanoseconds(1))))
        #expect(coreYield.isDue(after: 100, now: end + CoreYield.pause))
    }
}
