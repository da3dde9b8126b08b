// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A blocking TCP client on loopback that sends exactly the bytes it is told to. Every wait ends after `timeout`.
///
/// `@unchecked Sendable` because a test uses it from one thread at a time.
public final class RawHTTPClient: @unchecked Sendable {
    /// A response as it came.
    public struct Response: Sendable {
        /// The status code.
        public let status: Int
        /// The status line and the fields, without the empty line.
        public let head: String
        /// As long as `Content-Length` says, or what the chunks hold.
        public let body: [UInt8]
        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The first field of that name.
        public subscript(name: String) -> String? {
            for line in head.split(separator: "\r\n").dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                    return String(parts[1].drop { $0 == " " })
                }
            }
            return nil
        }
    }

    /// What went wrong, with the system's words.
    public struct Failure: Error, CustomStringConvertible {
        /// One sentence.
        public let description: String
        /// `errno`, or 0.
        public let code: Int32
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private var isOpen = true

    /// Connects to 127.0.0.1.
    public init(port: Int, timeout: Int = 20, receiveBufferBytes: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var limit = timeval(tv_sec: timeout, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        if var receiveBufferBytes {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBufferBytes, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let failure = Self.failure("cannot connect to port \(port)")
            Glibc.close(descriptor)
            isOpen = false
            throw failure
        }
    }

    deinit { close() }

    /// Sends all of the text.
    public func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    /// Sends all of the bytes.
    public func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw Self.failure("cannot send") }
            rest = rest.dropFirst(count)
        }
    }

    /// Sends FIN, and can still read.
    public func shutdownWrite() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes with RST.
    public func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Closes; once more does nothing.
    public func close() {
        if isOpen {
            isOpen = false
            Glibc.close(descriptor)
        }
    }

    /// Reads one response: the head, and as much body as `Content-Length` or the last chunk says unless `isHead`. Interim
    /// responses are responses too.
    public func readResponse(isHead: Bool = false) throws -> Response {
        let terminator = Array("\r\n\r\n".utf8)
        var end = received.firstRange(of: terminator)
        while end == nil {
            try receiveMore("the head of a response")
            end = received.firstRange(of: terminator)
        }
        guard let end else { throw Failure(description: "no head", code: 0) }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        received.removeSubrange(..<end.upperBound)
        guard let status = head.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure(description: "not a status line: \(head)", code: 0)
        }
        if !isHead, Response(status: status, head: head, body: [])["Transfer-Encoding"] == "chunked" {
            return Response(status: status, head: head, body: try readChunks())
        }
        let length =
            isHead ? 0 : Response(status: status, head: head, body: [])["Content-Length"].flatMap { Int($0) } ?? 0
        while received.count < length {
            try receiveMore("a body of \(length) bytes")
        }
        defer { received.removeFirst(length) }
        return Response(status: status, head: head, body: Array(received[..<length]))
    }

    /// Reads the next chunk of a body; nil is the last.
    public func readChunk() throws -> [UInt8]? {
        let lineEnd = Array("\r\n".utf8)
        var end = received.firstRange(of: lineEnd)
        while end == nil {
            try receiveMore("a chunk's size")
            end = received.firstRange(of: lineEnd)
        }
        let line = String(decoding: received[..<(end?.lowerBound ?? 0)], as: UTF8.self)
        guard let size = Int(line, radix: 16) else { throw Failure(description: "not a chunk size: \(line)", code: 0) }
        received.removeSubrange(..<(end?.upperBound ?? 0))
        while received.count < size + 2 {
            try receiveMore("a chunk of \(size) bytes")
        }
        let chunk = Array(received[..<size])
        guard received[size..<size + 2].elementsEqual(lineEnd) else {
            throw Failure(description: "a chunk of \(size) bytes does not end with CRLF", code: 0)
        }
        received.removeFirst(size + 2)
        return size == 0 ? nil : chunk
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while let chunk = try readChunk() {
            body += chunk
        }
        return body
    }

    /// Reads until the server closes and returns what came.
    public func readToEnd() throws -> String {
        while try receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    private func receiveMore(_ what: String) throws {
        guard try receive() else {
            let soFar = String(decoding: received, as: UTF8.self)
            throw Failure(description: "the server closed before \(what) had come: '\(soFar)'", code: 0)
        }
    }

    /// False at the end.
    private func receive() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Self.failure("cannot receive") }
        received += buffer[..<count]
        return count > 0
    }

    private static func failure(_ what: String) -> Failure {
        let code = errno
        return Failure(description: "\(what): \(String(cString: strerror(code)))", code: code)
    }
}
