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

    @Test func tokensOfListFields() {
        let headers: HTTPHeaders = ["Connection": "a , Close", "connection": "b"]
        #expect(headers.containsToken("close", in: "Connection"))
        #expect(headers.containsToken("b", in: "Connection"))
        #expect(!headers.containsToken("clos", in: "Connection"))
    }
}
