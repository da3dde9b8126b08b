// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// A thread with the connections that live on it, one timer wheel for all their deadlines, and one read buffer.
///
/// `@unchecked Sendable` because everything mutable is touched only on the loop's thread, but for `inbox` and what is
/// atomic.
final class EventLoop: @unchecked Sendable {
    typealias Job = @Sendable () -> Void

    private struct Inbox: Sendable {
        var jobs: [Job] = []
        var isStopped = false
    }

    private static let tick = Duration.milliseconds(50)

    /// Where each read of each connection lands; its content does not outlive the event.
    let readBuffer: UnsafeMutableRawBufferPointer
    private let poller: Poller
    /// `minihttp.loop.N`: the loop is one long job of this queue.
    private let queue: DispatchQueue
    /// What other threads want done.
    private let inbox = Mutex(Inbox())
    /// What the loop's own thread puts off until the others have had their turn.
    private var deferred: [Job] = []
    /// By descriptor.
    private var connections: [HTTPConnection?] = []
    private var resting = RestingConnections()
    private var wheel = TimerWheel<HTTPConnection>(start: .now, tick: tick, slots: 1024)
    /// The time at which the loop last woke up; what happens in one go happens at one time.
    private(set) var now = MonotonicInstant.now
    private var coreYield = CoreYield()
    private var dateSecond = Int.min
    private var dateText = ""
    private let thread = Atomic<UInt>(0)
    /// When the connection at rest for longest came to rest; `.max` when none is.
    private let restingSince = Atomic<Int64>(.max)

    init(index: Int, readBufferBytes: Int = 64 * 1024) throws(SocketError) {
        poller = try Poller()
        queue = DispatchQueue(label: "minihttp.loop.\(index)")
        readBuffer = .allocate(byteCount: readBufferBytes, alignment: 64)
    }

    deinit {
        poller.close()
        readBuffer.deallocate()
    }

    /// Runs until `stop`.
    func start() {
        queue.async { self.run() }
    }

    /// Ends the loop once what was given to `execute` before is done. Later jobs are dropped.
    func stop() {
        execute { self.inbox.withLock { $0.isStopped = true } }
    }

    /// Whether the caller is on the loop's thread.
    var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Has the job done on the loop's thread. Any thread may call it. Returns false where the loop has been stopped, and
    /// the job is dropped.
    @discardableResult
    func execute(_ job: @escaping Job) -> Bool {
        let (isFirst, isAccepted) = inbox.withLock { inbox in
            guard !inbox.isStopped else { return (false, false) }
            inbox.jobs.append(job)
            return (inbox.jobs.count == 1, true)
        }
        if isFirst { poller.wake() }
        return isAccepted
    }

    /// Has the job done after what else is due. For the loop's own thread.
    func executeLater(_ job: @escaping Job) {
        deferred.append(job)
    }

    private func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        var reads = 0
        while runJobs() {
            yieldCore(after: reads)
            reads = 0
            poller.wait(milliseconds: waitMilliseconds) {
                now = .now
            } each: { event in
                if event.isReadable { reads += 1 }
                // A connection that an event before this one has closed is gone from the table.
                if let connection = connection(event.descriptor) {
                    connection.handle(event)
                }
            }
            fireDeadlines()
        }
        thread.store(0, ordering: .relaxed)
    }

    /// False once the loop has been stopped.
    private func runJobs() -> Bool {
        let (jobs, isStopped) = inbox.withLock { inbox in
            defer { inbox.jobs.removeAll(keepingCapacity: false) }
            return (inbox.jobs, inbox.isStopped)
        }
        for job in jobs { job() }
        if !deferred.isEmpty {
            let jobs = deferred
            deferred = []
            for job in jobs { job() }
        }
        return !isStopped
    }

    private func yieldCore(after reads: Int) {
        guard deferred.isEmpty, coreYield.isDue(after: reads, now: now) else { return }
        let began = MonotonicInstant.now
        sched_yield()
        coreYield.ended(since: began, now: .now)
    }

    private var waitMilliseconds: Int32 {
        if !deferred.isEmpty { return 0 }
        return wheel.count == 0 ? -1 : Int32(Self.tick / .milliseconds(1))
    }

    private func fireDeadlines() {
        guard wheel.count > 0 else { return }
        for connection in wheel.advance(to: now) {
            connection.deadlineReached()
        }
    }
}

extension EventLoop {
    /// `Date` of a response made now (RFC 9110 section 6.6.1), rendered once a second.
    var date: String {
        let second = time(nil)
        if second != dateSecond {
            dateSecond = second
            dateText = HTTPDate.string(secondsSinceEpoch: second)
        }
        return dateText
    }

    /// Watches the connection's socket and keeps the connection until `remove`.
    func add(_ connection: HTTPConnection, _ socket: Socket) throws(SocketError) {
        try poller.add(socket)
        let index = Int(socket.descriptor)
        while connections.count <= index {
            connections.append(nil)
        }
        connections[index] = connection
    }

    func remove(_ socket: Socket) {
        setResting(socket, false)
        connections[Int(socket.descriptor)] = nil
    }

    private func connection(_ descriptor: Int32) -> HTTPConnection? {
        Int(descriptor) < connections.count ? connections[Int(descriptor)] : nil
    }

    /// Calls `body` on the loop's thread for every connection.
    func forEachConnection(_ body: @escaping @Sendable (HTTPConnection) -> Void) {
        execute {
            for case let connection? in self.connections {
                body(connection)
            }
        }
    }

    /// Has the connection's `deadlineReached` called at `instant`.
    func schedule(
        _ connection: HTTPConnection, at instant: MonotonicInstant
    ) -> TimerWheel<HTTPConnection>.Token {
        wheel.schedule(connection, at: instant)
    }

    func cancel(_ token: TimerWheel<HTTPConnection>.Token) {
        wheel.cancel(token)
    }
}

extension EventLoop {
    /// Says whether nothing is owed on a connection, so that it may be closed to make room.
    func setResting(_ socket: Socket, _ isResting: Bool) {
        guard resting.contains(socket.descriptor) != isResting else { return }
        if isResting {
            resting.append(socket.descriptor, since: now.nanoseconds)
        } else {
            resting.remove(socket.descriptor)
        }
        restingSince.store(resting.first?.since ?? .max, ordering: .relaxed)
    }

    /// The loop with the connection that has been at rest for longest; nil when no connection is at rest.
    static func longestResting(_ loops: [EventLoop]) -> EventLoop? {
        let candidates = loops.map { (loop: $0, since: $0.restingSince.load(ordering: .relaxed)) }
        return candidates.filter { $0.since != .max }.min { $0.since < $1.since }?.loop
    }

    /// Closes the connection that has been at rest for longest. Returns whether there was one. On the loop's thread.
    func closeLongestResting() -> Bool {
        while let oldest = resting.first, let connection = connection(oldest.descriptor) {
            if connection.closeToMakeRoom() { return true }
            // A request had come that the loop had not seen yet.
        }
        return false
    }
}
