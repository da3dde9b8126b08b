// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct JSONScannerTests {
    private func string(_ json: [UInt8]) throws -> String {
        var scanner = JSONScanner(ByteView(copying: json), from: 0)
        return try scanner.string()
    }

    @Test func replacesEscapes() throws {
        // json.loads(r'"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"')
        let text = try string(Array(#""\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#.utf8))
        #expect(text == "\"\\/\u{8}\u{c}\n\r\té😀")
    }

    /// Reason, JSON text.
    @Test(arguments: [
        ("lone high surrogate", #""\ud83d""#), ("lone low surrogate", #""\ude00""#),
        ("two high surrogates", #""\ud83d\ud83d""#), ("unknown escape", #""\x""#), ("short \\u", #""\u00""#),
        ("no digits", #""\uzzzz""#), ("no end", #""abc"#), ("escape at the end", #""\"#), ("line feed", "\"\n\""),
        ("no string", "1"), ("nothing", ""),
    ])
    func malformedStrings(reason: String, json: String) {
        #expect(throws: CheckpointError.self, "\(reason)") { try string(Array(json.utf8)) }
    }

    @Test func invalidUTF8() {
        #expect(throws: CheckpointError.self) { try string([0x22, 0xff, 0x22]) }
        #expect(throws: CheckpointError.self) { try string([0x22, 0xc3, 0x22]) }
    }

    @Test(arguments: [("0", 0), ("10", 10), (" 9223372036854775807", Int.max)])
    func integers(json: String, number: Int) throws {
        var scanner = JSONScanner(ByteView(copying: Array(json.utf8)), from: 0)
        let value = try scanner.unsignedInteger()
        let isAtEnd = scanner.isAtEnd()
        #expect(value == number)
        #expect(isAtEnd)
    }

    @Test(arguments: ["01", "-1", "+1", "", "9223372036854775808", "a"])
    func malformedIntegers(json: String) {
        #expect(throws: CheckpointError.self) {
            var scanner = JSONScanner(ByteView(copying: Array(json.utf8)), from: 0)
            return try scanner.unsignedInteger()
        }
    }
}
