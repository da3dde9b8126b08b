// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import FaceServer

@Suite(.timeLimit(.minutes(1))) struct LogWriterTests {
    /// A pipe that holds a page, which is as little as there is.
    private struct SmallPipe {
        /// F_SETPIPE_SZ of linux/fcntl.h, which the C library shows to GNU programs alone.
        private static let setPipeSize: Int32 = 1031
        let pipe = Pipe()

        init() {
            signal(SIGPIPE, SIG_IGN)
            _ = fcntl(descriptor, Self.setPipeSize, 4096)
        }

        var descriptor: Int32 { pipe.fileHandleForWriting.fileDescriptor }

        func closeReader() throws { try pipe.fileHandleForReading.close() }

        /// All of what was written, once the writing end is closed.
        func readToEnd() throws -> String {
            String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        }

        func writer(maxPendingBytes: Int = 1 << 20) -> LogWriter {
            LogWriter(descriptor: descriptor, maxPendingBytes: maxPendingBytes) { "lost \($0)\n" }
        }

        /// Writes out what the writer still has while somebody reads, and returns all lines.
        func lines(_ writer: LogWriter) async throws -> [String] {
            async let text = onThread { try readToEnd() }
            try await onThread {
                writer.flush(timeout: .seconds(30))
                try pipe.fileHandleForWriting.close()
            }
            return try await text.split(separator: "\n").map(String.init)
        }
    }

    private static func line(_ number: Int) -> String {
        "line \(number) " + String(repeating: "x", count: 90) + "\n"
    }

    @Test(arguments: [false, true]) func linesComeOutWholeAndInOrder(neverBlocks: Bool) async throws {
        let pipe = SmallPipe()
        if neverBlocks {
            _ = fcntl(pipe.descriptor, F_SETFL, O_NONBLOCK)
        }
        let writer = pipe.writer()
        for number in 0..<1000 {
            writer.write(Self.line(number))
        }
        let lines = try await pipe.lines(writer)
        #expect(lines == (0..<1000).map { String(Self.line($0).dropLast()) })
        #expect(writer.lostLines == 0)
    }

    @Test func nobodyWaitsForAReaderWhoDoesNotRead() async throws {
        let pipe = SmallPipe()
        let writer = pipe.writer(maxPendingBytes: 10_000)
        for number in 0..<1000 {
            writer.write(Self.line(number))
        }
        // A page in the pipe, and at most as much as may wait twice: under way and to come.
        #expect(writer.lostLines > 1000 - (4096 + 2 * 10_000) / Self.line(0).utf8.count)
        let lost = writer.lostLines
        let lines = try await pipe.lines(writer)
        let numbers = lines.filter { $0.hasPrefix("line ") }.map { $0.split(separator: " ")[1] }.compactMap { Int($0) }
        #expect(numbers == numbers.sorted())
        #expect(numbers.count == 1000 - lost)
        let notices = lines.filter { $0.hasPrefix("lost ") }.compactMap { Int($0.dropFirst(5)) }
        #expect(notices.reduce(0, +) == lost)
        #expect(lines.last?.hasPrefix("lost ") == true, "it stands where the lines would have")
    }

    @Test func readerWhoLeavesTakesTheLinesAlong() async throws {
        let pipe = SmallPipe()
        try pipe.closeReader()
        let writer = pipe.writer()
        for number in 0..<10 {
            writer.write(Self.line(number))
        }
        writer.flush(timeout: .seconds(30))
        #expect(writer.lostLines == 10)
        writer.write(Self.line(10))
        writer.flush(timeout: .seconds(30))
        #expect(writer.lostLines == 11)
    }

    @Test func lastLinesAreNotWaitedForEndlessly() async throws {
        let pipe = SmallPipe()
        let writer = pipe.writer()
        for number in 0..<100 {
            writer.write(Self.line(number))
        }
        // It would not return otherwise, for the pipe is full.
        writer.flush(timeout: .milliseconds(1))
        // The descriptor's number must not become another's while the writer still has lines for it.
        #expect(try await pipe.lines(writer).count == 100)
    }
}
