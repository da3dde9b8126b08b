// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MiniHTTP

@Suite struct EntityTagTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let reason: String
        let fields: [String]
        let weak: Bool
        let strong: Bool
        var testDescription: String { reason }
    }

    @Test(arguments: [
        Row(reason: "the same tag", fields: ["\"a\""], weak: true, strong: true),
        Row(reason: "another tag", fields: ["\"b\""], weak: false, strong: false),
        Row(reason: "a weak tag matches weakly", fields: ["W/\"a\""], weak: true, strong: false),
        Row(reason: "a list", fields: ["\"x\" ,, W/\"y\",\"a\""], weak: true, strong: true),
        Row(reason: "several lines are one list", fields: ["\"x\"", "\"a\""], weak: true, strong: true),
        Row(reason: "a comma inside a tag", fields: ["\"x,\", \"a\""], weak: true, strong: true),
        Row(reason: "any", fields: [" * "], weak: true, strong: true),
        Row(reason: "any among others is malformed", fields: ["*, \"a\""], weak: false, strong: false),
        Row(reason: "no quotes", fields: ["a"], weak: false, strong: false),
        Row(reason: "an open quote", fields: ["\"a"], weak: false, strong: false),
        Row(reason: "a lower-case weakness mark", fields: ["w/\"a\""], weak: false, strong: false),
        Row(reason: "a space inside", fields: ["\"a \""], weak: false, strong: false),
        Row(reason: "a space inside another", fields: ["\"x \", \"a\""], weak: false, strong: false),
        Row(reason: "no comma between", fields: ["\"x\" \"a\""], weak: false, strong: false),
        Row(reason: "one malformed member spoils the list", fields: ["\"a\", b"], weak: false, strong: false),
        Row(reason: "an empty field", fields: [""], weak: false, strong: false),
        Row(reason: "no field", fields: [], weak: false, strong: false),
    ])
    func comparison(_ row: Row) {
        #expect(EntityTag.matches(ifNoneMatch: row.fields, etag: "\"a\"") == row.weak)
        #expect(EntityTag.matches(ifMatch: row.fields, etag: "\"a\"") == row.strong)
    }

    struct Precondition: Sendable, CustomTestStringConvertible {
        let reason: String
        var method = HTTPMethod.get
        let headers: HTTPHeaders
        let outcome: String
        var testDescription: String { reason }
    }

    @Test(arguments: [
        Precondition(reason: "none", headers: [:], outcome: "proceed"),
        Precondition(reason: "the client has it", headers: ["If-None-Match": "W/\"a\""], outcome: "304"),
        Precondition(
            reason: "HEAD is as GET", method: .head, headers: ["If-None-Match": "\"a\""], outcome: "304"),
        Precondition(reason: "other methods", method: .put, headers: ["If-None-Match": "*"], outcome: "412"),
        Precondition(reason: "the client has another", headers: ["If-None-Match": "\"b\""], outcome: "proceed"),
        Precondition(reason: "If-Match holds", headers: ["If-Match": "\"b\", \"a\""], outcome: "proceed"),
        Precondition(reason: "If-Match compares strongly", headers: ["If-Match": "W/\"a\""], outcome: "412"),
        Precondition(
            reason: "If-Match goes first", headers: ["If-None-Match": "\"a\"", "If-Match": "\"b\""], outcome: "412"),
        Precondition(
            reason: "both hold", headers: ["If-None-Match": "\"a\"", "If-Match": "*"], outcome: "304"),
        Precondition(
            reason: "dates are ignored", headers: ["If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"],
            outcome: "proceed"),
    ])
    func preconditions(_ row: Precondition) {
        let request = HTTPRequest(method: row.method, headers: row.headers)
        let outcome =
            switch Result(catching: { () throws(HTTPError) in try request.isNotModified(etag: "\"a\"") }) {
            case .success(let isNotModified): isNotModified ? "304" : "proceed"
            case .failure(let error): "\(error.status.code)"
            }
        #expect(outcome == row.outcome)
    }

    @Test func tagsAreComparedByOctets() {
        // The same letter, composed and decomposed.
        #expect(!EntityTag.matches(ifNoneMatch: ["\"\u{e9}\""], etag: "\"e\u{301}\""))
    }

    @Test func malformedCurrentTagMatchesNothing() {
        #expect(!EntityTag.matches(ifNoneMatch: ["a"], etag: "a"))
        #expect(!EntityTag.matches(ifNoneMatch: ["\"a\"b\""], etag: "\"a\"b\""))
        #expect(!EntityTag.matches(ifNoneMatch: ["*"], etag: "a"))
    }

    @Test func weakCurrentTagNeverMatchesStrongly() {
        #expect(EntityTag.matches(ifNoneMatch: ["\"a\""], etag: "W/\"a\""))
        #expect(!EntityTag.matches(ifMatch: ["W/\"a\""], etag: "W/\"a\""))
    }
}
