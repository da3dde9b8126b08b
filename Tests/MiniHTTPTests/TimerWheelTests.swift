// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct TimerWheelTests {
    private let start = MonotonicInstant.now

    private func wheel(slots: Int = 8) -> TimerWheel<Int> {
        TimerWheel(start: start, tick: .milliseconds(100), slots: slots)
    }

    @Test func firesAfterTheDeadlineAndNotBefore() {
        var wheel = wheel()
        _ = wheel.schedule(1, at: start + .milliseconds(250))
        #expect(wheel.advance(to: start + .milliseconds(249)) == [])
        #expect(wheel.advance(to: start + .milliseconds(300)) == [1])
        #expect(wheel.count == 0)
    }

    @Test func deadlineBeyondTheWheelWaitsForItsRound() {
        var wheel = wheel(slots: 4)
        _ = wheel.schedule(1, at: start + .milliseconds(150))
        _ = wheel.schedule(2, at: start + .milliseconds(550))
        #expect(wheel.advance(to: start + .milliseconds(200)) == [1])
        #expect(wheel.advance(to: start + .milliseconds(500)) == [])
        #expect(wheel.advance(to: start + .milliseconds(600)) == [2])
    }

    @Test func cancelledDeadlineDoesNotFire() {
        var wheel = wheel()
        let tokens = (0..<5).map { wheel.schedule($0, at: start + .milliseconds(50)) }
        wheel.cancel(tokens[0])
        wheel.cancel(tokens[2])
        wheel.cancel(tokens[4])
        wheel.cancel(tokens[4])
        #expect(wheel.count == 2)
        #expect(Set(wheel.advance(to: start + .seconds(1))) == [1, 3])
    }

    @Test func tokenOfAFiredDeadlineDoesNotCancelItsSuccessor() {
        var wheel = wheel()
        let token = wheel.schedule(1, at: start)
        #expect(wheel.advance(to: start + .milliseconds(100)) == [1])
        _ = wheel.schedule(2, at: start + .milliseconds(200))
        wheel.cancel(token)
        #expect(wheel.advance(to: start + .seconds(1)) == [2])
    }

    @Test func longPauseFiresEverythingOnce() {
        var wheel = wheel(slots: 4)
        for index in 0..<100 {
            _ = wheel.schedule(index, at: start + .milliseconds(index * 37))
        }
        #expect(Set(wheel.advance(to: start + .seconds(3600))) == Set(0..<100))
        #expect(wheel.advance(to: start + .seconds(7200)) == [])
    }
}
