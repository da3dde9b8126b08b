// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// A serial queue with the connections that live on it, one timer for all their deadlines, and one read buffer.
///
/// `@unchecked Sendable` because everything mutable is touched only on `queue`.
final class EventLoop: @unchecked Sendable {
    private static let tick = DispatchTimeInterval.milliseconds(50)
    private static let readBufferBytes = 64 * 1024

    /// `minihttp.loop.N`
    let queue: DispatchQueue
    /// Where each read of each connection lands; its content does not outlive the event.
    let readBuffer: UnsafeMutableRawBufferPointer
    private var connections: [ObjectIdentifier: HTTPConnection] = [:]
    private var wheel = TimerWheel<HTTPConnection>(start: .now, tick: .milliseconds(50), slots: 1024)
    private let timer: any DispatchSourceTimer
    private var isTimerArmed = false
    private var dateSecond = Int.min
    private var dateText = ""

    init(index: Int) {
        queue = DispatchQueue(label: "minihttp.loop.\(index)")
        readBuffer = .allocate(byteCount: Self.readBufferBytes, alignment: 64)
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { [weak self] in self?.fireDeadlines() }
        timer.schedule(deadline: .distantFuture)
        timer.resume()
    }

    deinit {
        timer.cancel()
        readBuffer.deallocate()
    }

    /// `Date` of a response made now (RFC 9110 section 6.6.1), rendered once a second.
    var date: String {
        let second = time(nil)
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.string(secondsSinceEpoch: second)
        }
        return dateText
    }

    /// Keeps the connection until `remove`.
    func add(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = connection
    }

    func remove(_ connection: HTTPConnection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    /// Calls `body` on the queue for every connection.
    func forEachConnection(_ body: @escaping @Sendable (HTTPConnection) -> Void) {
        queue.async {
            for connection in Array(self.connections.values) {
                body(connection)
            }
        }
    }

    /// Has the connection's `deadlineReached` called at `instant`.
    func schedule(
        _ connection: HTTPConnection, at instant: ContinuousClock.Instant
    ) -> TimerWheel<HTTPConnection>.Token {
        if !isTimerArmed {
            isTimerArmed = true
            timer.schedule(deadline: .now() + Self.tick, repeating: Self.tick, leeway: .milliseconds(5))
        }
        return wheel.schedule(connection, at: instant)
    }

    func cancel(_ token: TimerWheel<HTTPConnection>.Token) {
        wheel.cancel(token)
    }

    private func fireDeadlines() {
        for connection in wheel.advance(to: .now) {
            connection.deadlineReached()
        }
        if wheel.count == 0 {
            isTimerArmed = false
            timer.schedule(deadline: .distantFuture)
        }
    }
}
