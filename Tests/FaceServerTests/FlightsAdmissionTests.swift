// SPDX-License-Identifier: Apache-2.0

import Synchronization
import TestSupport
import Testing

@testable import FaceServer

/// Who pays for a computation that several wait for.
@Suite(.timeLimit(.minutes(1))) struct FlightsAdmissionTests {
    private struct Refused: Error {}

    /// The names of those who were asked to pay, in order.
    private final class Till: Sendable {
        private let names = Mutex<[String]>([])
        private let refunds = Mutex<[String]>([])
        var asked: [String] { names.withLock { $0 } }
        var refunded: [String] { refunds.withLock { $0 } }

        func refund(_ name: String) {
            refunds.withLock { $0.append(name) }
        }

        func ask(_ name: String) {
            names.withLock { $0.append(name) }
        }
    }

    private let gate = GatedProcessor.Gate()
    private let fetching = AsyncGate()
    private let flights: Flights<Int, GatedProcessor>
    private let till = Till()

    /// A store that finds 7 and nothing else, once `fetching` is open.
    init() {
        flights = Flights(
            batcher: DynamicBatcher(gate: gate, maxQueueDepth: 1, clock: ManualClock()),
            store: .init(fetch: { [fetching] key in
                await fetching.wait()
                return key == 7 ? 700 : nil
            }))
    }

    private func result(_ key: Int, _ name: String, admits: Bool) async throws -> Int {
        try await flights.result(
            for: key, key,
            admission: .init(
                charge: { [till] in
                    till.ask(name)
                    if !admits {
                        throw Refused()
                    }
                },
                refund: { [till] in till.refund(name) })
        ).response
    }

    /// Asks from a task of its own, and returns once it waits.
    private func ask(_ key: Int, _ name: String, admits: Bool) async -> Task<Int, any Error> {
        let before = flights.waiterCount(of: key)
        let task = Task { try await result(key, name, admits: admits) }
        while flights.waiterCount(of: key) == before {
            await Task.yield()
        }
        return task
    }

    @Test func firstWhoMayPaysForAll() async throws {
        let refused = await ask(1, "refused", admits: false)
        let payer = await ask(1, "payer", admits: true)
        let guest = await ask(1, "guest", admits: false)
        fetching.open()
        await #expect(throws: Refused.self) { try await refused.value }
        let late = await ask(1, "late", admits: false)
        gate.release()
        for task in [payer, guest, late] {
            #expect(try await task.value == 10)
        }
        #expect(till.asked == ["refused", "payer"])
        #expect(till.refunded.isEmpty)
    }

    @Test func whatAFullQueueRefusesIsGivenBack() async throws {
        fetching.open()
        var tasks: [Task<Int, any Error>] = []
        // One is computed, and one may wait.
        for key in 1...2 {
            tasks.append(await ask(key, "\(key)", admits: true))
            while till.asked.count < key {
                await Task.yield()
            }
        }
        await #expect(throws: DynamicBatcherError.self) { try await result(3, "3", admits: true) }
        #expect(till.refunded == ["3"])
        gate.release(2)
        for task in tasks {
            _ = try await task.value
        }
        #expect(till.asked == ["1", "2", "3"])
        #expect(till.refunded == ["3"])
    }

    @Test func whatIsWithdrawnIsGivenBack() async throws {
        fetching.open()
        let first = await ask(1, "first", admits: true)
        let second = await ask(2, "second", admits: true)
        while till.asked.count < 2 {
            await Task.yield()
        }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.release()
        _ = try await first.value
        while till.refunded.isEmpty {
            await Task.yield()
        }
        #expect(till.refunded == ["second"])
    }

    @Test func whereNobodyMayNothingIsComputed() async {
        let tasks = [await ask(1, "a", admits: false), await ask(1, "b", admits: false)]
        fetching.open()
        for task in tasks {
            await #expect(throws: Refused.self) { try await task.value }
        }
        #expect(flights.count == 0)
        #expect(till.asked == ["a", "b"])
    }

    @Test func whatIsInTheStoreIsFree() async throws {
        let task = await ask(7, "a", admits: false)
        fetching.open()
        #expect(try await task.value == 700)
        #expect(till.asked.isEmpty)
    }
}
