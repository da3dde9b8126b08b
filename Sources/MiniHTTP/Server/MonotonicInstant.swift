// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A time of the system's monotonic clock in one machine word, since every event of a connection compares several.
struct MonotonicInstant: Comparable, Sendable {
    let nanoseconds: Int64

    static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Stops at the ends of what the word holds, three centuries away.
    static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        let (sum, isOver) = instant.nanoseconds.addingReportingOverflow(nanoseconds(of: duration))
        return MonotonicInstant(nanoseconds: isOver ? (duration < .zero ? .min : .max) : sum)
    }

    static func - (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Duration {
        .nanoseconds(lhs.nanoseconds) - .nanoseconds(rhs.nanoseconds)
    }

    static func < (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    private static func nanoseconds(of duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        let (whole, isOver) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isFurtherOver) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isOver || isFurtherOver ? (seconds < 0 ? .min : .max) : sum
    }
}
