// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import FaceServer

@Suite struct LRUCacheTests {
    private func cache(_ maxBytes: Int, onEviction: @escaping @Sendable () -> Void = {}) -> LRUCache<Int, [UInt8]> {
        LRUCache(maxBytes: maxBytes, cost: { $0.count }, onEviction: onEviction)
    }

    @Test func leastRecentlyUsedGoesFirst() {
        let evictions = Mutex(0)
        let cache = cache(30) { evictions.withLock { $0 += 1 } }
        for key in 1...3 {
            cache.insert([UInt8](repeating: UInt8(key), count: 10), for: key)
        }
        #expect(cache.value(for: 1)?.first == 1)
        cache.insert([UInt8](repeating: 4, count: 10), for: 4)
        #expect(cache.value(for: 2) == nil)
        #expect([1, 3, 4].map { cache.value(for: $0)?.first } == [1, 3, 4])
        #expect(cache.status == .init(count: 3, bytes: 30))
        #expect(evictions.withLock { $0 } == 1)
    }

    @Test func largeValueMakesRoomForItself() {
        let cache = cache(30)
        for key in 1...3 {
            cache.insert([UInt8](repeating: 0, count: 10), for: key)
        }
        cache.insert([UInt8](repeating: 0, count: 15), for: 4)
        #expect([1, 2, 3, 4].map { cache.value(for: $0) != nil } == [false, false, true, true])
        #expect(cache.status == .init(count: 2, bytes: 25))
    }

    @Test func valueLargerThanTheCacheIsNotKeptAndKeepsTheOthers() {
        let cache = cache(30)
        cache.insert([1], for: 1)
        cache.insert([UInt8](repeating: 0, count: 31), for: 2)
        #expect(cache.value(for: 2) == nil)
        #expect(cache.value(for: 1) == [1])
        cache.insert([UInt8](repeating: 0, count: 31), for: 1)
        #expect(cache.value(for: 1) == nil, "the former value would be a wrong answer")
        #expect(cache.status == .init())
    }

    @Test func newValueReplacesTheFormer() {
        let cache = cache(30)
        cache.insert([1, 1, 1], for: 1)
        cache.insert([2], for: 1)
        #expect(cache.value(for: 1) == [2])
        #expect(cache.status == .init(count: 1, bytes: 1))
    }

    @Test func cacheOfNoBytesKeepsNothing() {
        let cache = cache(0)
        cache.insert([1], for: 1)
        #expect(cache.value(for: 1) == nil)
    }

    @Test func valuesAreSharedAndNotCopied() {
        let cache = cache(1000)
        let value = [UInt8](repeating: 7, count: 100)
        cache.insert(value, for: 1)
        func address(_ bytes: [UInt8]) -> Int {
            bytes.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
        }
        #expect(cache.value(for: 1).map(address) == address(value))
    }

    /// Against a list that is searched from end to end.
    @Test func behavesAsTheObviousCache() {
        var random = SystemRandomNumberGenerator()
        let cache = cache(100)
        var model: [(key: Int, value: [UInt8])] = []
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<30, using: &random)
            if step % 3 == 0 {
                let value = [UInt8](repeating: UInt8(key), count: Int.random(in: 0..<25, using: &random))
                cache.insert(value, for: key)
                model.removeAll { $0.key == key }
                model.append((key, value))
                while model.reduce(0, { $0 + $1.value.count }) > 100 {
                    model.removeFirst()
                }
            } else {
                let index = model.firstIndex { $0.key == key }
                guard cache.value(for: key) == index.map({ model[$0].value }) else {
                    Issue.record("step \(step), key \(key)")
                    return
                }
                if let index {
                    model.append(model.remove(at: index))
                }
            }
        }
        #expect(cache.status.count == model.count)
    }
}
