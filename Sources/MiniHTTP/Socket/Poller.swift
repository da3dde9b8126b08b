// SPDX-License-Identifier: Apache-2.0

import CEpoll
import Glibc

/// An epoll(7) instance that other threads can wake, with the two descriptors that it takes.
///
/// Sockets are watched edge-triggered and for everything, from `add` until they are closed: an event says that
/// something has changed, and between events nothing is registered anew. A thin value; whoever made it closes it, once.
struct Poller: Sendable {
    /// What has changed on a socket.
    struct Event {
        let descriptor: Int32
        private let flags: UInt32

        fileprivate init(_ event: epoll_event) {
            descriptor = event.data.fd
            flags = event.events
        }

        /// There is something to read, or an end to be seen.
        var isReadable: Bool { flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 }
        var isWritable: Bool { flags & EPOLLOUT.rawValue != 0 }
        /// The peer sends no more. The event does not come again for the end, so it has to be read up to.
        var hasEnd: Bool { flags & (EPOLLRDHUP.rawValue | EPOLLHUP.rawValue) != 0 }
        /// The connection is broken.
        var isError: Bool { flags & EPOLLERR.rawValue != 0 }
    }

    private let epoll: Int32
    private let wakeUp: Int32

    /// Throws where the process has no descriptors left.
    init() throws(SocketError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SocketError("cannot make an event loop", errno: errno) }
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard wakeUp >= 0 else {
            let code = errno
            Glibc.close(epoll)
            throw SocketError("cannot make an event loop", errno: code)
        }
        do {
            try watch(wakeUp, EPOLLIN.rawValue | EPOLLET.rawValue)
        } catch {
            close()
            throw error
        }
    }

    /// Watches a socket until its descriptor is closed.
    func add(_ socket: Socket) throws(SocketError) {
        try watch(
            socket.descriptor,
            EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue)
    }

    private func watch(_ descriptor: Int32, _ events: UInt32) throws(SocketError) {
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw SocketError("cannot watch a connection", errno: errno)
        }
    }

    /// Waits for events, at most so long; -1 is for ever. Calls `begin` when the wait is over, then `body` with each.
    func wait(milliseconds: Int32, begin: () -> Void, each body: (Event) -> Void) {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: 128) { events in
            let count = epoll_wait(epoll, events.baseAddress, Int32(events.count), milliseconds)
            begin()
            for event in events.prefix(Int(max(0, count))) where event.data.fd != wakeUp {
                body(Event(event))
            }
        }
    }

    /// Ends the wait that is going on, or the next. Any thread may call it. Nobody reads the counter behind it: each
    /// write is an edge of its own.
    func wake() {
        _ = eventfd_write(wakeUp, 1)
    }

    func close() {
        Glibc.close(wakeUp)
        Glibc.close(epoll)
    }
}
