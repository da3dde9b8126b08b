// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct HTTPHeadersTests {
    @Test func namesIgnoreCase() {
        let headers: HTTPHeaders = ["Content-Type": "a"]
        #expect(headers["content-type"] == "a")
        #expect(headers["Content_Type"] == nil)
        #expect(headers == ["CONTENT-TYPE": "a"])
    }

    @Test func caseFoldingTouchesLettersOnly() {
        // '@' and '`', '[' and '{' differ in the same bit as letters of either case.
        #expect(!ASCII.equalIgnoringCase("@[", "`{"))
    }

    @Test func settingReplacesAllAndKeepsThePlace() {
        var headers: HTTPHeaders = ["A": "1", "B": "2", "a": "3", "C": "4"]
        headers["A"] = "5"
        #expect(headers.map(\.value) == ["5", "2", "4"])
        headers["a"] = nil
        #expect(headers.map(\.name) == ["B", "C"])
        headers["D"] = "6"
        #expect(headers["d"] == "6")
    }

    @Test func repeatsAreKept() {
        var headers: HTTPHeaders = [:]
        headers.add("A", "1")
        headers.add("a", "2")
        #expect(headers.values(for: "A") == ["1", "2"])
        #expect(headers["A"] == "1")
        headers.remove("A")
        #expect(headers.isEmpty)
    }

    @Test func renderedFieldsAreTheSame() throws {
        let plain: HTTPHeaders = ["A": "1", "Connection": "close", "a": "2"]
        var headers = plain.rendered()
        #expect(headers == plain)
        #expect(headers.map(\.value) == ["1", "close", "2"])
        #expect(headers.count == 3)
        #expect(!headers.isEmpty)
        #expect(headers.values(for: "A") == ["1", "2"])
        #expect(headers.containsToken("close", in: "connection"))
        headers.add("A", "3")
        #expect(headers["A"] == "1")
        #expect(headers.values(for: "a") == ["1", "2", "3"])
        #expect(headers.rendered() == headers)
        #expect(plain.count == 3)
    }

    @Test func renderedFieldsCanBeChanged() {
        var headers = HTTPHeaders(dictionaryLiteral: ("A", "1"), ("B", "2"), ("a", "3")).rendered()
        headers["a"] = "4"
        headers.add("C", "5")
        #expect(headers == ["a": "4", "B": "2", "C": "5"])
        headers = headers.rendered()
        headers.remove("B")
        #expect(headers == ["a": "4", "C": "5"])
        headers = headers.rendered()
        headers["C"] = nil
        #expect(headers == ["a": "4"])
    }

    @Test func tokensOfListFields() {
        let headers: HTTPHeaders = ["Connection": "a , Close", "connection": "b"]
        #expect(headers.containsToken("close", in: "Connection"))
        #expect(headers.containsToken("b", in: "Connection"))
        #expect(!headers.containsToken("clos", in: "Connection"))
    }
}
