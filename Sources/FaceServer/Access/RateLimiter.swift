// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A token bucket for each client. Its lock is `state`.
///
/// The guarantee:
/// - A client may have `burst` faces computed at once and, over any time, `burst` more than the rate gives. What is
///   not computed for it costs nothing: cached faces, 304, errors, and joining what another has asked for.
/// - At most `maxClients` are remembered. A client whose bucket is full again needs no remembering; only when more are
///   active at once is one of them forgotten, which gives it a full bucket. So memory is bounded whatever addresses
///   come, and no client is ever refused because of another.
/// - Time is monotonic: setting the clock on the wall changes nothing.
final class RateLimiter: Sendable {
    /// What each client may have.
    struct Limit: Sendable, Equatable {
        /// The time in which one token comes back.
        var interval: Duration
        /// How many tokens a bucket holds.
        var burst: Int
        var maxClients: Int
    }

    /// The state of a client's bucket.
    struct Standing: Sendable, Equatable {
        /// Whole tokens.
        var remaining: Int
        /// The time until there is one token more; of a full bucket that is emptied now, until the first is back.
        var nextToken: Duration
    }

    /// A client has asked for more than its bucket holds.
    struct Exceeded: Error, Equatable {
        let standing: Standing
    }

    /// The bucket in the form of the generic cell rate algorithm (ITU-T I.371): the one instant at which it will be full.
    private struct State {
        var fullAt: [ClientIdentity: ContinuousClock.Instant] = [:]
        /// Before this no sweep could free what the last one could not.
        var nextSweep: ContinuousClock.Instant?
    }

    let limit: Limit
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    init(limit: Limit, now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }) {
        self.limit = limit
        self.now = now
    }

    /// Takes a token. Called where a computation would be queued, and nowhere else.
    func charge(_ client: ClientIdentity) throws(Exceeded) {
        let time = now()
        let refused: Standing? = state.withLock { state in
            let missing = max(.zero, (state.fullAt[client] ?? time) - time)
            guard missing + limit.interval <= limit.interval * limit.burst else {
                return standing(missing: missing)
            }
            if state.fullAt[client] == nil {
                makeRoom(&state, at: time)
            }
            state.fullAt[client] = time + missing + limit.interval
            return nil
        }
        if let refused {
            throw Exceeded(standing: refused)
        }
    }

    /// Gives a token back, because nothing was computed for it.
    func refund(_ client: ClientIdentity) {
        state.withLock { state in
            // A bucket that is full, or forgotten, takes no more.
            if let fullAt = state.fullAt[client] {
                state.fullAt[client] = fullAt - limit.interval
            }
        }
    }

    /// The state of a client's bucket, which this does not change.
    func standing(of client: ClientIdentity) -> Standing {
        let time = now()
        let fullAt = state.withLock { $0.fullAt[client] }
        return standing(missing: max(.zero, (fullAt ?? time) - time))
    }

    /// How many clients are remembered.
    var clientCount: Int {
        state.withLock { $0.fullAt.count }
    }

    /// - Parameter missing: the time until the bucket is full.
    private func standing(missing: Duration) -> Standing {
        // Of the tokens that are missing, the next is back when the time left is a whole number of intervals.
        let tokens = Int((missing / limit.interval).rounded(.up))
        let next = missing - limit.interval * max(0, tokens - 1)
        return Standing(remaining: max(0, limit.burst - tokens), nextToken: tokens == 0 ? limit.interval : next)
    }

    private func makeRoom(_ state: inout State, at time: ContinuousClock.Instant) {
        guard state.fullAt.count >= limit.maxClients else {
            return
        }
        if state.nextSweep.map({ time >= $0 }) ?? true {
            state.fullAt = state.fullAt.filter { $0.value > time }
            // An empty bucket is full again after this long, so a sweep then frees all of today's.
            state.nextSweep = time + limit.interval * limit.burst
        }
        // Whichever comes first in the table, which nobody outside can foresee.
        if state.fullAt.count >= limit.maxClients, let first = state.fullAt.keys.first {
            state.fullAt[first] = nil
        }
    }
}
