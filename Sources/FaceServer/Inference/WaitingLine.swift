// SPDX-License-Identifier: Apache-2.0

import DequeModule

/// The requests that wait, in the order in which they start. A pure value: it is told the time and has no lock.
///
/// Everyone starts in the order of arrival, but that bulk requests count as come `maxQueueDelay` later than they did.
struct WaitingLine<Ticket: AnyObject> {
    /// How many requests are looked through for company. It bounds the time under the batcher's lock.
    private static var maxLookahead: Int { 512 }

    private struct Place {
        let ticket: Ticket
        let arrival: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant?

        func isExpired(_ now: ContinuousClock.Instant) -> Bool {
            deadline.map { $0 <= now } ?? false
        }
    }

    /// What `takeBatch` took out of the line.
    struct Taken {
        /// The requests to start and how long each has waited, the first in line first.
        var batch: [(ticket: Ticket, waited: Duration)] = []
        /// Requests whose deadline has passed.
        var expired: [Ticket] = []
    }

    private let maxQueueDelay: Duration
    /// Both in the order of arrival.
    private var interactive: Deque<Place> = []
    private var bulk: Deque<Place> = []

    init(maxQueueDelay: Duration) {
        self.maxQueueDelay = maxQueueDelay
    }

    var count: Int { interactive.count + bulk.count }
    var isEmpty: Bool { interactive.isEmpty && bulk.isEmpty }

    mutating func append(
        _ ticket: Ticket, _ priority: RequestPriority, deadline: ContinuousClock.Instant?,
        arrival: ContinuousClock.Instant
    ) {
        let place = Place(ticket: ticket, arrival: arrival, deadline: deadline)
        switch priority {
        case .interactive: interactive.append(place)
        case .bulk: bulk.append(place)
        }
    }

    /// Lets a request wait until `deadline` too, and go with the interactive ones if `priority` says so. It keeps the
    /// age that it has. Returns false when it does not wait here.
    mutating func renew(
        _ ticket: Ticket, _ priority: RequestPriority, deadline: ContinuousClock.Instant?
    ) -> Bool {
        func later(_ other: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
            guard let deadline, let other else { return nil }
            return max(deadline, other)
        }
        if let index = interactive.firstIndex(where: { $0.ticket === ticket }) {
            interactive[index].deadline = later(interactive[index].deadline)
            return true
        }
        guard let index = bulk.firstIndex(where: { $0.ticket === ticket }) else { return false }
        bulk[index].deadline = later(bulk[index].deadline)
        if priority == .interactive {
            let place = bulk.remove(at: index)
            let position = interactive.firstIndex { $0.arrival > place.arrival } ?? interactive.endIndex
            interactive.insert(place, at: position)
        }
        return true
    }

    /// Returns whether the request was in the line.
    mutating func remove(_ ticket: Ticket) -> Bool {
        let before = count
        interactive.removeAll { $0.ticket === ticket }
        if count == before {
            bulk.removeAll { $0.ticket === ticket }
        }
        return count < before
    }

    /// Takes out those whose deadline has passed.
    mutating func removeExpired(now: ContinuousClock.Instant) -> [Ticket] {
        let expired = (interactive + bulk).filter { $0.isExpired(now) }.map(\.ticket)
        if !expired.isEmpty {
            interactive.removeAll { $0.isExpired(now) }
            bulk.removeAll { $0.isExpired(now) }
        }
        return expired
    }

    /// Takes the first in line whose deadline has not passed, and up to `limit` - 1 more that `canJoin` it, in order.
    mutating func takeBatch(
        limit: Int, now: ContinuousClock.Instant, canJoin: (_ first: Ticket, _ other: Ticket) -> Bool
    ) -> Taken {
        var taken = Taken()
        var passedOver: (interactive: [Place], bulk: [Place]) = ([], [])
        var looked = 0
        while taken.batch.count < limit, looked < Self.maxLookahead, let (place, priority) = popFirst() {
            if place.isExpired(now) {
                taken.expired.append(place.ticket)
                continue
            }
            looked += 1
            if let first = taken.batch.first, !canJoin(first.ticket, place.ticket) {
                switch priority {
                case .interactive: passedOver.interactive.append(place)
                case .bulk: passedOver.bulk.append(place)
                }
                continue
            }
            taken.batch.append((place.ticket, now - place.arrival))
        }
        interactive.prepend(contentsOf: passedOver.interactive)
        bulk.prepend(contentsOf: passedOver.bulk)
        return taken
    }

    private mutating func popFirst() -> (Place, RequestPriority)? {
        guard let urgent = interactive.first else {
            return bulk.popFirst().map { ($0, .bulk) }
        }
        if let patient = bulk.first, patient.arrival + maxQueueDelay <= urgent.arrival {
            return bulk.popFirst().map { ($0, .bulk) }
        }
        return interactive.popFirst().map { ($0, .interactive) }
    }
}
