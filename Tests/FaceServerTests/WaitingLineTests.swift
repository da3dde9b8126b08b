// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

/// The order of starts, on a clock that is a number.
@Suite struct WaitingLineTests {
    private final class Ticket {
        let name: Int

        init(_ name: Int) {
            self.name = name
        }
    }

    private let origin = ContinuousClock.now

    private func time(_ second: Int) -> ContinuousClock.Instant {
        origin + .seconds(second)
    }

    struct Arrival: Sendable {
        let name: Int
        let second: Int
        let priority: RequestPriority
        var deadline: Int?
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let arrivals: [Arrival]
        let maxQueueDelay: Int
        let starts: [Int]
        let testDescription: String
    }

    @Test(arguments: [
        Row(
            arrivals: [
                Arrival(name: 1, second: 0, priority: .interactive),
                Arrival(name: 2, second: 1, priority: .interactive),
                Arrival(name: 3, second: 2, priority: .interactive),
            ], maxQueueDelay: 10, starts: [1, 2, 3], testDescription: "first come, first served"),
        Row(
            arrivals: [
                Arrival(name: 1, second: 0, priority: .bulk), Arrival(name: 2, second: 1, priority: .bulk),
                Arrival(name: 3, second: 9, priority: .interactive),
            ], maxQueueDelay: 10, starts: [3, 1, 2], testDescription: "interactive before bulk"),
        Row(
            arrivals: [
                Arrival(name: 1, second: 0, priority: .bulk), Arrival(name: 2, second: 9, priority: .interactive),
                Arrival(name: 3, second: 10, priority: .interactive),
                Arrival(name: 4, second: 11, priority: .interactive),
            ], maxQueueDelay: 10, starts: [2, 1, 3, 4],
            testDescription: "bulk gives way only to those that came within the delay"),
        Row(
            arrivals: [
                Arrival(name: 1, second: 0, priority: .bulk), Arrival(name: 2, second: 0, priority: .interactive),
                Arrival(name: 3, second: 1, priority: .interactive),
            ], maxQueueDelay: 0, starts: [1, 2, 3], testDescription: "without a delay there are no priorities"),
        Row(
            arrivals: [
                Arrival(name: 1, second: 0, priority: .interactive, deadline: 20),
                Arrival(name: 2, second: 1, priority: .bulk, deadline: 100),
                Arrival(name: 3, second: 2, priority: .interactive, deadline: 19),
                Arrival(name: 4, second: 3, priority: .interactive, deadline: 21),
            ], maxQueueDelay: 10, starts: [4, 2], testDescription: "a deadline that has come is as good as passed"),
    ])
    func startsAreInOrder(_ row: Row) {
        var line = WaitingLine<Ticket>(maxQueueDelay: .seconds(row.maxQueueDelay))
        for arrival in row.arrivals {
            line.append(
                Ticket(arrival.name), arrival.priority, deadline: arrival.deadline.map(time),
                arrival: time(arrival.second))
        }
        var starts: [Int] = []
        while !line.isEmpty {
            let taken = line.takeBatch(limit: 1, now: time(20)) { _, _ in true }
            starts += taken.batch.map(\.ticket.name)
        }
        #expect(starts == row.starts)
    }

    /// An endless stream of interactive requests, one a second, each of which takes a second.
    @Test func bulkIsNotStarved() {
        var line = WaitingLine<Ticket>(maxQueueDelay: .seconds(30))
        line.append(Ticket(-1), .bulk, deadline: nil, arrival: time(0))
        var starts: [Int] = []
        for second in 1...1000 {
            line.append(Ticket(second), .interactive, deadline: nil, arrival: time(second))
            let taken = line.takeBatch(limit: 1, now: time(second)) { _, _ in true }
            starts += taken.batch.map(\.ticket.name)
            if starts.last == -1 { break }
        }
        #expect(starts == Array(1...29) + [-1])
    }

    @Test func batchIsOfOneGroupAndKeepsTheOthersInOrder() {
        var line = WaitingLine<Ticket>(maxQueueDelay: .seconds(1))
        for name in [10, 20, 11, 21, 12, 30, 13] {
            line.append(Ticket(name), .interactive, deadline: nil, arrival: time(0))
        }
        func take() -> [Int] {
            line.takeBatch(limit: 3, now: time(5)) { $0.name / 10 == $1.name / 10 }.batch.map(\.ticket.name)
        }
        #expect([take(), take(), take(), take()] == [[10, 11, 12], [20, 21], [30], [13]])
    }

    @Test func bulkJoinsTheBatchOfAnInteractiveRequest() {
        var line = WaitingLine<Ticket>(maxQueueDelay: .seconds(100))
        line.append(Ticket(1), .bulk, deadline: nil, arrival: time(0))
        line.append(Ticket(2), .interactive, deadline: nil, arrival: time(1))
        let taken = line.takeBatch(limit: 2, now: time(5)) { _, _ in true }
        #expect(taken.batch.map(\.ticket.name) == [2, 1])
        #expect(taken.batch.map(\.waited) == [.seconds(4), .seconds(5)])
    }

    @Test func renewedBulkRequestTakesThePlaceThatItsAgeGives() {
        var line = WaitingLine<Ticket>(maxQueueDelay: .seconds(100))
        let bulk = Ticket(1)
        line.append(Ticket(0), .interactive, deadline: nil, arrival: time(0))
        line.append(bulk, .bulk, deadline: time(5), arrival: time(1))
        line.append(Ticket(2), .interactive, deadline: nil, arrival: time(2))
        let isRenewed = line.renew(bulk, .interactive, deadline: time(30))
        #expect(isRenewed)
        let taken = line.takeBatch(limit: 9, now: time(10)) { _, _ in true }
        #expect(taken.batch.map(\.ticket.name) == [0, 1, 2])
    }

    @Test func earlierDeadlineShortensNothing() {
        var line = WaitingLine<Ticket>(maxQueueDelay: .zero)
        let ticket = Ticket(1)
        line.append(ticket, .interactive, deadline: time(30), arrival: time(0))
        let isRenewed = line.renew(ticket, .bulk, deadline: time(5))
        #expect(isRenewed)
        let expired = [29, 30].map { line.removeExpired(now: time($0)).map(\.name) }
        #expect(expired == [[], [1]])
        let isInLine = line.renew(ticket, .interactive, deadline: nil) || line.remove(ticket)
        #expect(!isInLine)
    }
}
