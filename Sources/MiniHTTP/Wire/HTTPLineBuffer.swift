// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Collects one CRLF-terminated line from input that comes in pieces. Each byte is looked at once, however small the
/// pieces are.
struct HTTPLineBuffer: Sendable {
    /// What `fill` came to.
    enum Progress: Equatable {
        case needMoreData
        case complete
        case tooLong
    }

    /// The line so far; after `fill` returned true, the whole line without its terminator.
    private(set) var bytes: [UInt8] = []
    private var isComplete = false

    /// Whether no byte of the next line has come yet.
    var isEmpty: Bool { isComplete || bytes.isEmpty }

    /// Moves bytes from `input` until the line is complete, or longer than `limit` bytes, terminator included.
    mutating func fill(
        from input: inout Slice<UnsafeRawBufferPointer>, limit: Int
    ) throws(HTTPParseError) -> Progress {
        if isComplete {
            bytes.removeAll(keepingCapacity: true)
            isComplete = false
        }
        let window = input.prefix(max(0, limit - bytes.count))
        guard let end = Self.indexOfLineFeed(in: window) else {
            bytes.append(contentsOf: window)
            input = input.dropFirst(window.count)
            return !input.isEmpty || bytes.count >= limit ? .tooLong : .needMoreData
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: window[..<end]))
        input = input[(end + 1)...]
        // RFC 9112 section 2.2: a recipient MAY take a bare LF for a terminator. It need not, and where a proxy in
        // front does not either, accepting it lets a client hide a request.
        guard bytes.popLast() == ASCII.carriageReturn else {
            throw HTTPParseError(.lineTerminator, "A line ends with LF alone; lines end with CRLF.")
        }
        isComplete = true
        return .complete
    }

    /// Gives back the memory of an unusually long line; thousands of idle connections hold one of these each.
    mutating func trim() {
        if bytes.capacity > 1024 {
            self = HTTPLineBuffer()
        }
    }

    private static func indexOfLineFeed(in window: Slice<UnsafeRawBufferPointer>) -> Int? {
        let bytes = UnsafeRawBufferPointer(rebasing: window)
        guard let start = bytes.baseAddress, let found = memchr(start, Int32(ASCII.lineFeed), bytes.count) else {
            return nil
        }
        return window.startIndex + (UnsafeRawPointer(found) - start)
    }
}
