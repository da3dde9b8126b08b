// SPDX-License-Identifier: Apache-2.0

/// Tells the time, and calls when a time has come. Tests have one that moves when it is told to.
///
/// The time is monotonic: steps of the wall clock change nothing.
protocol DeadlineClock: Sendable {
    var now: ContinuousClock.Instant { get }

    /// Calls `action` once, at `deadline` or soon after, unless the alarm is cancelled before.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> DeadlineAlarm
}

/// A call that is scheduled.
struct DeadlineAlarm: Sendable {
    private let onCancel: @Sendable () -> Void

    init(onCancel: @escaping @Sendable () -> Void) {
        self.onCancel = onCancel
    }

    /// Makes sure that the call does not begin any more.
    func cancel() {
        onCancel()
    }
}
