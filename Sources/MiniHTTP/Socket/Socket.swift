// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A non-blocking TCP socket. A thin value over the descriptor; whoever made it closes it, once.
struct Socket: Sendable {
    /// What a read or a write came to.
    enum Transfer: Equatable {
        case bytes(Int)
        case wouldBlock
        /// The peer sends no more.
        case end
    }

    /// What `accept` came to.
    enum Acceptance {
        case accepted(Socket, SocketAddress?)
        /// No connection is waiting.
        case wouldBlock
        /// The connection at the head of the queue died; there may be others.
        case lost
        case failed(SocketError)
    }

    /// How much of what was written the kernel keeps beside what the peer has room for, roughly.
    private static let maxUnsentBytes: Int32 = 128 * 1024

    let descriptor: Int32

    /// Binds and listens. `host` is an address or a name; of a name's addresses the first that binds is taken.
    static func listening(host: String, port: Int, backlog: Int) throws(SocketError) -> Socket {
        let operation = "cannot listen on \(SocketAddress(host: host, port: port))"
        guard (0...65535).contains(port) else {
            throw SocketError(operation, reason: "the port is not between 0 and 65535")
        }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let lookup = getaddrinfo(host, String(port), &hints, &list)
        guard lookup == 0 else {
            throw SocketError(operation, reason: String(cString: gai_strerror(lookup)))
        }
        defer { freeaddrinfo(list) }
        var failure = SocketError(operation, reason: "the host has no address")
        var next = list
        while let candidate = next {
            switch bound(to: candidate.pointee, backlog: backlog) {
            case .success(let socket): return socket
            case .failure(let code): failure = SocketError(operation, errno: code.value)
            }
            next = candidate.pointee.ai_next
        }
        throw failure
    }

    private struct ErrorNumber: Error {
        let value: Int32
    }

    private static func bound(to candidate: addrinfo, backlog: Int) -> Result<Socket, ErrorNumber> {
        let type = candidate.ai_socktype | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(candidate.ai_family, type, candidate.ai_protocol)
        guard descriptor >= 0 else { return .failure(ErrorNumber(value: errno)) }
        let socket = Socket(descriptor: descriptor)
        // Without it a restart fails while connections of the last run are in TIME_WAIT.
        socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
        if candidate.ai_family == AF_INET6 {
            // '::' also takes IPv4, whatever the system's default is.
            socket.set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0)
        }
        guard bind(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0,
            listen(descriptor, Int32(clamping: backlog)) == 0
        else {
            let code = errno
            socket.close()
            return .failure(ErrorNumber(value: code))
        }
        return .success(socket)
    }

    /// The address that the socket is bound to, with the port that the kernel chose for port 0.
    var localAddress: SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }

    /// Takes the next waiting connection.
    func accept() -> Acceptance {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Self.acceptNonBlocking(descriptor, $0, &length)
            }
        }
        guard accepted >= 0 else {
            return Self.acceptance(errno: errno)
        }
        let socket = Socket(descriptor: accepted)
        // Responses leave whole; waiting for more only delays their last segment.
        socket.set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        // Otherwise the kernel takes megabytes for a client that reads slowly, and a thousand of them its memory for all.
        socket.set(Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, Self.maxUnsentBytes)
        return .accepted(socket, SocketAddress(storage))
    }

    /// What a failure of accept(2) comes to.
    static func acceptance(errno code: Int32) -> Acceptance {
        switch code {
        case EAGAIN, EWOULDBLOCK: .wouldBlock
        // accept(2): pending network errors of the new socket are passed on here; try the next one.
        case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, EPERM:
            .lost
        default: .failed(SocketError("cannot accept a connection", errno: code))
        }
    }

    /// Reads what is there, up to the size of `buffer`.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SocketError) -> Transfer {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .end }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            default: throw SocketError("cannot read", errno: errno)
            }
        }
    }

    /// writev(2) with MSG_NOSIGNAL, so that a closed peer is an error and not SIGPIPE.
    func write(_ vectors: UnsafeMutableBufferPointer<iovec>) throws(SocketError) -> Transfer {
        var message = msghdr()
        message.msg_iov = vectors.baseAddress
        message.msg_iovlen = vectors.count
        return try write { sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL)) }
    }

    /// write(2), likewise; the kernel has less to copy than with one vector.
    func write(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Transfer {
        try write { send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL)) }
    }

    private func write(_ call: () -> Int) throws(SocketError) -> Transfer {
        while true {
            let count = call()
            if count >= 0 { return .bytes(count) }
            switch errno {
            case EINTR: continue
            case EAGAIN, EWOULDBLOCK: return .wouldBlock
            default: throw SocketError("cannot write", errno: errno)
            }
        }
    }

    /// Sends FIN; the peer can still send.
    func shutdownWrite() {
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Makes `close` send RST and drop what is unsent, in place of keeping it for a peer that does not read.
    func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    private func set(_ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

extension Socket {
    private typealias Accept4 =
        @convention(c) (
            Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?, Int32
        ) -> Int32

    /// accept4(2). Swift's Glibc module hides it, as the headers do without `_GNU_SOURCE`, so it is looked up by name.
    private static let accept4 = dlsym(nil, "accept4").map { unsafeBitCast($0, to: Accept4.self) }

    private static func acceptNonBlocking(
        _ listener: Int32, _ address: UnsafeMutablePointer<sockaddr>, _ length: UnsafeMutablePointer<socklen_t>
    ) -> Int32 {
        if let accept4 {
            return accept4(listener, address, length, Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue))
        }
        let descriptor = Glibc.accept(listener, address, length)
        if descriptor >= 0 {
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        return descriptor
    }
}
