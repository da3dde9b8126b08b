// SPDX-License-Identifier: Apache-2.0

/// Decides when an event loop that is about to sleep lets other threads have its core first.
///
/// Where the clients are on the same machine (a proxy, usually), they have more to ask by the time the loop comes back,
/// so it need not be woken: sleeping and waking cost as much as an answer. A loop that had little to do sleeps at once.
/// So does, for a while, one that lost the core to a thread that computes: woken by an event it would have had it back
/// sooner.
struct CoreYield {
    /// The least connections to read from in a turn of the loop after which it yields. Those that only have more room for
    /// what they are sent do not count: the more room, the longer the next turn.
    static let minReads = 3
    /// The scheduler's slice, nearly: a yield that took longer was to a thread that computes.
    static let maxDuration = Duration.milliseconds(3)
    /// How long there is no yield after one of those.
    static let pause = Duration.milliseconds(250)

    private var resumes = MonotonicInstant(nanoseconds: 0)

    /// Whether to yield, at `now`, after a turn with so many connections to read from.
    func isDue(after reads: Int, now: MonotonicInstant) -> Bool {
        reads >= Self.minReads && now >= resumes
    }

    /// Learns from a yield.
    mutating func ended(since began: MonotonicInstant, now: MonotonicInstant) {
        if began + Self.maxDuration < now {
            resumes = now + Self.pause
        }
    }
}
