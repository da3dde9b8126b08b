// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The least HTTP client that can tell whether a server answers.
struct HealthProbe {
    let address: ReachableAddress
    /// The time that the server has for each step.
    var timeoutSeconds = 3

    /// - Throws: `CommandFailure` unless the server answers 200.
    func check() throws {
        let status = try exchange()
        guard status == 200 else {
            throw CommandFailure("\(address): /healthz is answered with \(status)")
        }
    }

    /// Sends the request and returns the status code.
    private func exchange() throws -> Int {
        let descriptor = try connect()
        defer { close(descriptor) }
        let request = Array("GET /healthz HTTP/1.1\r\nHost: \(address)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw failure("send")
        }
        var response = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &response, response.count, Int32(MSG_WAITALL))
        guard count > 0 else {
            throw count == 0 ? CommandFailure("\(address): closed without an answer") : failure("receive")
        }
        // RFC 9112 section 4: status-line = HTTP-version SP status-code SP ...
        let words = String(decoding: response.prefix(count), as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw CommandFailure("\(address): the answer is not HTTP")
        }
        return status
    }

    private func connect() throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, String(address.port), &hints, &list)
        guard code == 0, let found = list?.pointee else {
            throw CommandFailure("\(address.host): \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(found.ai_family, found.ai_socktype, found.ai_protocol)
        guard descriptor >= 0 else {
            throw failure("socket")
        }
        var timeout = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        // On Linux the send timeout bounds connect(2) too.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, length)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, length)
        guard Glibc.connect(descriptor, found.ai_addr, found.ai_addrlen) == 0 else {
            let error = failure("connect")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func failure(_ operation: String) -> CommandFailure {
        CommandFailure("\(address): \(operation): \(String(cString: strerror(errno)))")
    }
}
