// SPDX-License-Identifier: Apache-2.0

/// Deadlines of many connections behind one timer: a hashed wheel (Varghese and Lauck, scheme 6). Scheduling and
/// cancelling cost the same however many deadlines there are.
///
/// A deadline fires with the first `advance` after its tick has passed: never early, and late by at most one tick and
/// the caller's own delay.
struct TimerWheel<Element> {
    /// Names a scheduled deadline until it fires or is cancelled.
    struct Token: Equatable {
        fileprivate let node: Int
        fileprivate let generation: UInt64
    }

    private struct Node {
        var element: Element?
        var tick: Int64
        var generation: UInt64
        /// Neighbours in the slot's list, or the next free node.
        var next: Int
        var previous: Int
    }

    private static var none: Int { -1 }

    private let start: MonotonicInstant
    private let tickNanoseconds: Int64
    private var heads: [Int]
    private var nodes: [Node] = []
    private var free = none
    private var generation: UInt64 = 0
    private var currentTick: Int64 = 0
    /// How many deadlines are scheduled.
    private(set) var count = 0

    init(start: MonotonicInstant, tick: Duration, slots: Int) {
        self.start = start
        tickNanoseconds = max(1, Int64(tick / .nanoseconds(1)))
        heads = Array(repeating: Self.none, count: slots)
    }

    /// Adds a deadline.
    mutating func schedule(_ element: Element, at instant: MonotonicInstant) -> Token {
        // Rounded up, so that no deadline fires early.
        let tick = max(ticks(at: instant) + 1, currentTick + 1)
        generation += 1
        let slot = slot(of: tick)
        let node = Node(
            element: element, tick: tick, generation: generation, next: heads[slot], previous: Self.none)
        let index: Int
        if free == Self.none {
            index = nodes.count
            nodes.append(node)
        } else {
            index = free
            free = nodes[index].next
            nodes[index] = node
        }
        if heads[slot] != Self.none {
            nodes[heads[slot]].previous = index
        }
        heads[slot] = index
        count += 1
        return Token(node: index, generation: generation)
    }

    /// Removes a deadline; a token that has fired or was cancelled does nothing.
    mutating func cancel(_ token: Token) {
        if nodes[token.node].generation == token.generation, nodes[token.node].element != nil {
            remove(token.node)
        }
    }

    /// Removes and returns what is due at `now`.
    mutating func advance(to now: MonotonicInstant) -> [Element] {
        let target = ticks(at: now)
        guard target > currentTick else { return [] }
        var due: [Element] = []
        // After a long pause every slot is visited once, not once a tick.
        for tick in max(currentTick + 1, target - Int64(heads.count) + 1)...target {
            var index = heads[slot(of: tick)]
            while index != Self.none {
                let next = nodes[index].next
                if nodes[index].tick <= target {
                    if let element = nodes[index].element {
                        due.append(element)
                    }
                    remove(index)
                }
                index = next
            }
        }
        currentTick = target
        return due
    }

    private mutating func remove(_ index: Int) {
        let node = nodes[index]
        if node.previous == Self.none {
            heads[slot(of: node.tick)] = node.next
        } else {
            nodes[node.previous].next = node.next
        }
        if node.next != Self.none {
            nodes[node.next].previous = node.previous
        }
        nodes[index].element = nil
        nodes[index].next = free
        free = index
        count -= 1
    }

    private func slot(of tick: Int64) -> Int { Int(tick % Int64(heads.count)) }

    private func ticks(at instant: MonotonicInstant) -> Int64 {
        max(0, (instant.nanoseconds - start.nanoseconds) / tickNanoseconds)
    }
}
