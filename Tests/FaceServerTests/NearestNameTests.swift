// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct NearestNameTests {
    private static let names = ["seed", "truncation", "noise", "size"]

    @Test(arguments: [
        ("sed", "seed", "a letter is missing"),
        ("sede", "seed", "two letters are swapped"),
        ("Seed", "seed", "case"),
        ("trunc", "truncation", "the official script's name for it"),
        ("trunctation", "truncation", "a letter too many"),
        ("sixe", "size", "a wrong letter"),
    ])
    func slipIsRecognised(name: String, meant: String, reason: String) {
        #expect(NearestName.of(name, among: Self.names) == meant, "\(reason)")
    }

    @Test(arguments: [
        ("", "nothing to compare"),
        ("colour", "nothing is near"),
        ("x", "one letter is near everything short"),
        (String(repeating: "seed", count: 1000), "a long name is not compared at all"),
    ])
    func farNameGetsNoSuggestion(name: String, reason: String) {
        #expect(NearestName.of(name, among: Self.names) == nil, "\(reason)")
    }

    @Test func nothingIsNearestAmongNone() {
        #expect(NearestName.of("seed", among: []) == nil)
    }
}
