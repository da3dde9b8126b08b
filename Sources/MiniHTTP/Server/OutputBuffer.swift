// SPDX-License-Identifier: Apache-2.0

import DequeModule
import Glibc

/// What a connection has still to send: arrays that are kept as they are and handed to the kernel together.
struct OutputBuffer {
    /// How many arrays one system call takes; a response is two.
    private static let maxVectors = 16

    private var chunks: Deque<[UInt8]> = []
    /// How much of the first chunk has been sent.
    private var offset = 0
    /// Bytes still to send.
    private(set) var count = 0

    mutating func append(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        chunks.append(bytes)
        count += bytes.count
    }

    mutating func removeAll() {
        chunks = []
        offset = 0
        count = 0
    }

    /// Sends until everything is sent or the socket takes no more. Returns how many bytes it took.
    mutating func flush(to socket: Socket) throws(SocketError) -> Int {
        var total = 0
        while count > 0 {
            let transfer: Socket.Transfer
            do {
                transfer = try writeOnce(to: socket)
            } catch let error as SocketError {
                throw error
            } catch {
                throw SocketError("cannot write", reason: "\(error)")
            }
            guard case .bytes(let sent) = transfer else { break }
            drop(sent)
            total += sent
        }
        return total
    }

    private func writeOnce(to socket: Socket) throws -> Socket.Transfer {
        if chunks.count == 1 {
            return try chunks[0].withUnsafeBytes { try socket.write(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
        }
        return try withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.maxVectors) { vectors in
            try withVectors(vectors, filled: 0) { try socket.write($0) }
        }
    }

    /// Holds the storage of each chunk in place by one stack frame each, and calls `body` in the innermost.
    private func withVectors<Result>(
        _ vectors: UnsafeMutableBufferPointer<iovec>, filled: Int,
        _ body: (UnsafeMutableBufferPointer<iovec>) throws -> Result
    ) rethrows -> Result {
        guard filled < min(vectors.count, chunks.count) else {
            return try body(UnsafeMutableBufferPointer(rebasing: vectors[..<filled]))
        }
        return try chunks[filled].withUnsafeBytes { bytes in
            let rest = filled == 0 ? UnsafeRawBufferPointer(rebasing: bytes[offset...]) : bytes
            vectors[filled] = iovec(
                iov_base: UnsafeMutableRawPointer(mutating: rest.baseAddress), iov_len: rest.count)
            return try withVectors(vectors, filled: filled + 1, body)
        }
    }

    private mutating func drop(_ sent: Int) {
        count -= sent
        offset += sent
        while let first = chunks.first, offset >= first.count {
            offset -= first.count
            chunks.removeFirst()
        }
    }
}
