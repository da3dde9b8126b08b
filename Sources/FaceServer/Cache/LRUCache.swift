// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A cache in memory that is bounded in bytes; what was not used for the longest time goes first.
///
/// Values are handed out as they were put in, so those with copy-on-write storage are shared and never copied. Every
/// operation takes constant time, but for the removal of what no longer fits. The lock guards the entries.
final class LRUCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A look at the cache from outside.
    struct Status: Sendable, Equatable {
        var count = 0
        var bytes = 0
    }

    /// An entry and its neighbours in the order of use.
    fileprivate struct Node {
        let key: Key
        var value: Value
        var cost: Int
        var newer: Int?
        var older: Int?
    }

    fileprivate struct State {
        var nodes: [Node?] = []
        var freeNodes: [Int] = []
        var index: [Key: Int] = [:]
        var newest: Int?
        var oldest: Int?
        var status = Status()
    }

    private let maxBytes: Int
    private let cost: @Sendable (Value) -> Int
    private let onEviction: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - maxBytes: the bound on the sum of all costs; 0 for a cache that keeps nothing.
    ///   - cost: the bytes that a value and its bookkeeping take.
    ///   - onEviction: is called for each entry that is removed to make room.
    init(
        maxBytes: Int, cost: @escaping @Sendable (Value) -> Int, onEviction: @escaping @Sendable () -> Void = {}
    ) {
        self.maxBytes = maxBytes
        self.cost = cost
        self.onEviction = onEviction
    }

    var status: Status {
        state.withLock { $0.status }
    }

    /// The value of a key, which now counts as used.
    func value(for key: Key) -> Value? {
        state.withLock { state in
            guard let position = state.index[key], let value = state.nodes[position]?.value else { return nil }
            if position != state.newest {
                state.unlink(position)
                state.linkAsNewest(position)
            }
            return value
        }
    }

    /// Keeps a value, in place of the key's former one. A value that is larger than the whole cache is not kept.
    func insert(_ value: Value, for key: Key) {
        let cost = cost(value)
        let (former, evicted) = state.withLock { state -> (Value?, [Value]) in
            let former = state.index[key].flatMap { state.remove($0) }
            var evicted: [Value] = []
            guard cost <= maxBytes else { return (former, evicted) }
            while state.status.bytes + cost > maxBytes, let oldest = state.oldest, let value = state.remove(oldest) {
                evicted.append(value)
            }
            state.add(key, value, cost)
            return (former, evicted)
        }
        for _ in evicted {
            onEviction()
        }
        // Freeing large values takes time, so that is done outside of the lock.
        withExtendedLifetime((former, evicted)) {}
    }
}

extension LRUCache.State {
    mutating func add(_ key: Key, _ value: Value, _ cost: Int) {
        let node = LRUCache.Node(key: key, value: value, cost: cost, newer: nil, older: nil)
        let position = freeNodes.popLast() ?? nodes.count
        if position == nodes.count {
            nodes.append(node)
        } else {
            nodes[position] = node
        }
        index[key] = position
        status.count += 1
        status.bytes += cost
        linkAsNewest(position)
    }

    mutating func remove(_ position: Int) -> Value? {
        guard let node = nodes[position] else { return nil }
        unlink(position)
        nodes[position] = nil
        freeNodes.append(position)
        index[node.key] = nil
        status.count -= 1
        status.bytes -= node.cost
        return node.value
    }

    mutating func unlink(_ position: Int) {
        guard nodes[position] != nil else { return }
        // Not the whole node, whose key and value would be copied.
        let (newer, older) = (nodes[position]?.newer, nodes[position]?.older)
        if let newer { nodes[newer]?.older = older } else { newest = older }
        if let older { nodes[older]?.newer = newer } else { oldest = newer }
        nodes[position]?.newer = nil
        nodes[position]?.older = nil
    }

    mutating func linkAsNewest(_ position: Int) {
        nodes[position]?.older = newest
        if let newest { nodes[newest]?.newer = position }
        newest = position
        oldest = oldest ?? position
    }
}
