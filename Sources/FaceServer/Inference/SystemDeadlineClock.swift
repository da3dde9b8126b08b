// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// The machine's monotonic clock, with Dispatch timers.
struct SystemDeadlineClock: DeadlineClock {
    private static let queue = DispatchQueue(label: "faceserver.deadlines", qos: .userInitiated)

    var now: ContinuousClock.Instant {
        .now
    }

    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> DeadlineAlarm {
        // A year is as good as never, and does not overflow.
        let nanoseconds = min(max(deadline - now, .zero), .seconds(365 * 86400)) / .nanoseconds(1)
        // Safe because sources may be cancelled from any thread.
        nonisolated(unsafe) let timer = DispatchSource.makeTimerSource(queue: Self.queue)
        timer.setEventHandler {
            timer.cancel()
            action()
        }
        timer.schedule(deadline: .now() + .nanoseconds(Int(nanoseconds)), leeway: .milliseconds(1))
        timer.activate()
        return DeadlineAlarm { timer.cancel() }
    }
}
