// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct YAMLParserTests {
    @Test(
        arguments: [
            ("", .null, "nothing"),
            ("# only a comment\n", .null, "no document"),
            ("a", .scalar("a"), "a lone scalar"),
            ("0.70", .scalar("0.70"), "a number is the text that was written"),
            ("'null'", .scalar("null"), "in quotes it is text"),
            ("\"a\\tb\"", .scalar("a\tb"), "an escape"),
            ("[a, ~, '']", .sequence([.scalar("a"), .null, .scalar("")]), "null and the empty text"),
            (
                "b: |\n  x\n  y\na:\n- 1\n- {c: é}",
                .mapping([
                    .init(key: "b", value: .scalar("x\ny\n")),
                    .init(
                        key: "a",
                        value: .sequence([.scalar("1"), .mapping([.init(key: "c", value: .scalar("é"))])])),
                ]), "nested, in order"
            ),
            ("---\na\n...\n", .scalar("a"), "with marks of begin and end"),
        ] as [(String, YAMLValue, String)])
    func textIsRead(text: String, value: YAMLValue, reason: String) throws {
        #expect(try YAMLParser.parse(Array(text.utf8)) == value, "\(reason)")
    }

    @Test(arguments: [
        ("a: 1\nb: 2\na: 3", "line 3, column 1: key 'a' is there twice", "which one holds?"),
        ("a: &x [1]\nb: *x", "line 2, column 4: an alias, which is not supported", "may stand for very much"),
        ("[a]: 1", "line 1, column 1: a key that is no text", "a list as a key"),
        ("~: 1", "line 1, column 1: a key that is no text", "null as a key"),
        ("a\n---\nb", "line 2, column 1: a second document", "two documents"),
        ("a: 'b", "line 2, column 1: found unexpected end of stream", "an open quote"),
        ("a: \t- b\n  c", "line 1, column 5: block sequence entries are not allowed in this context", "a tab"),
    ])
    func textIsRefused(text: String, message: String, reason: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLParser.parse(Array(text.utf8)) }
        #expect(error?.description == message, "\(reason)")
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        let error = #expect(throws: YAMLError.self) { try YAMLParser.parse([0x61, 0xFF]) }
        #expect(error?.problem == "invalid leading UTF-8 octet")
    }

    @Test func nestingHasABound() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        _ = try YAMLParser.parse(nested(YAMLParser.maxDepth))
        let error = #expect(throws: YAMLError.self) { try YAMLParser.parse(nested(YAMLParser.maxDepth + 1)) }
        #expect(error?.problem == "nested deeper than 16")
    }
}
