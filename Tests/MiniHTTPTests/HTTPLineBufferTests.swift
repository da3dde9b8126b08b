// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPLineBufferTests {
    private func fill(_ buffer: inout HTTPLineBuffer, _ text: String) throws -> HTTPLineBuffer.Progress {
        try Array(text.utf8).withUnsafeBytes { bytes in
            var input = bytes[...]
            return try buffer.fill(from: &input, limit: 100_000)
        }
    }

    @Test func memoryOfALongLineIsGivenBack() throws {
        var buffer = HTTPLineBuffer()
        #expect(try fill(&buffer, String(repeating: "x", count: 50_000) + "\r\n") == .complete)
        buffer.trim()
        #expect(buffer.bytes.capacity < 1024)
        #expect(buffer.isEmpty)
        #expect(try fill(&buffer, "y\r\n") == .complete)
        #expect(buffer.bytes == [UInt8(ascii: "y")])
    }
}
