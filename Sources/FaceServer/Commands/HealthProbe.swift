// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The least HTTP client that can tell whether a server answers.
struct HealthProbe {
    private static let timeoutSeconds = 3

    let host: String
    let port: Int

    /// - Throws: `CommandFailure` unless the server answers 200.
    func check() throws {
        let status = try exchange()
        guard status == 200 else {
            throw CommandFailure("\(authority): /healthz is answered with \(status)")
        }
    }

    /// Where to connect to reach a server that listens on `host`: the wildcard addresses mean this machine.
    static func reachableHost(_ host: String) -> String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: host
        }
    }

    /// Host and port as a URL has them (RFC 3986 section 3.2).
    static func authority(host: String, port: Int) -> String {
        let host = reachableHost(host)
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private var authority: String {
        Self.authority(host: host, port: port)
    }

    /// Sends the request and returns the status code.
    private func exchange() throws -> Int {
        let descriptor = try connect()
        defer { close(descriptor) }
        let request = Array("GET /healthz HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw failure("send")
        }
        var response = [UInt8](repeating: 0, count: 512)
        let count = recv(descriptor, &response, response.count, Int32(MSG_WAITALL))
        guard count > 0 else {
            throw count == 0 ? CommandFailure("\(authority): closed without an answer") : failure("receive")
        }
        // RFC 9112 section 4: status-line = HTTP-version SP status-code SP ...
        let words = String(decoding: response.prefix(count), as: UTF8.self).split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw CommandFailure("\(authority): the answer is not HTTP")
        }
        return status
    }

    private func connect() throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(Self.reachableHost(host), String(port), &hints, &list)
        guard code == 0, let address = list else {
            throw CommandFailure("\(host): \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, address.pointee.ai_protocol)
        guard descriptor >= 0 else {
            throw failure("socket")
        }
        var timeout = timeval(tv_sec: Self.timeoutSeconds, tv_usec: 0)
        let length = socklen_t(MemoryLayout<timeval>.size)
        // On Linux the send timeout bounds connect(2) too.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, length)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, length)
        guard Foundation.connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let error = failure("connect")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func failure(_ operation: String) -> CommandFailure {
        CommandFailure("\(authority): \(operation): \(String(cString: strerror(errno)))")
    }
}
