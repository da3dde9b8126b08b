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
        var asked: [String] { names.withLock { $0 } }

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
            batcher: DynamicBatcher(gate: gate, clock: ManualClock()),
            store: .init(fetch: { [fetching] key in
                await fetching.wait()
                return key == 7 ? 700 : nil
            }))
    }

    /// Asks from a task of its own, and returns once it waits.
    private func ask(_ key: Int, _ name: String, admits: Bool) async -> Task<Int, any Error> {
        let before = flights.waiterCount(of: key)
        let task = Task { [flights, till] in
            try await flights.result(for: key, key) {
                till.ask(name)
                if !admits {
                    throw Refused()
                }
            }.response
        }
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
