// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import FaceServer

/// A clock that moves when it is told to, and calls then what has become due.
final class ManualClock: DeadlineClock {
    private struct State {
        var now = ContinuousClock.now
        var nextID = 0
        var alarms: [Int: (deadline: ContinuousClock.Instant, action: @Sendable () -> Void)] = [:]
    }

    private let state = Mutex(State())

    var now: ContinuousClock.Instant {
        state.withLock { $0.now }
    }

    var alarmCount: Int {
        state.withLock { $0.alarms.count }
    }

    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> DeadlineAlarm {
        let id = state.withLock { state in
            state.nextID += 1
            state.alarms[state.nextID] = (deadline, action)
            return state.nextID
        }
        return DeadlineAlarm { [weak self] in
            self?.state.withLock { _ = $0.alarms.removeValue(forKey: id) }
        }
    }

    /// Moves on, without the alarms if a test is about what happens before they ring.
    func advance(by duration: Duration, ringing: Bool = true) {
        let due = state.withLock { state -> [@Sendable () -> Void] in
            state.now += duration
            guard ringing else { return [] }
            let now = state.now
            let due = state.alarms.filter { $0.value.deadline <= now }
            for id in due.keys {
                state.alarms[id] = nil
            }
            return due.values.sorted { $0.deadline < $1.deadline }.map(\.action)
        }
        for action in due {
            action()
        }
    }
}
