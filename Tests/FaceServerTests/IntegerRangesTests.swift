// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct IntegerRangesTests {
    @Test(arguments: [
        ("3", [3], "3", "one"),
        ("0-3,7", [0, 1, 2, 3, 7], "0-3,7", "the documentation's example"),
        ("0,1,2", [0, 1, 2], "0-2", "neighbours are a range"),
        ("2,1,0", [2, 1, 0], "2,1,0", "the order is kept"),
        ("1,1", [1, 1], "1,1", "so are repeats"),
        ("1-3,3-4", [1, 2, 3, 3, 4], "1-3,3-4", "and ranges that overlap"),
        ("007-0008", [7, 8], "7-8", "leading zeros"),
    ])
    func listHasOneText(text: String, numbers: [Int], canonical: String, reason: String) throws {
        let list = try IntegerRanges(text, within: 0...9, maxCount: 5)
        #expect(list.numbers == numbers, "\(reason)")
        #expect(IntegerRanges.text(of: numbers) == canonical, "\(reason)")
    }

    @Test(arguments: [
        ("", IntegerRanges.Problem.malformed(part: ""), "nothing"),
        ("1,,2", .malformed(part: ""), "nothing between commas"),
        ("1-2-3", .malformed(part: "1-2-3"), "a range of three ends"),
        ("-1", .malformed(part: "-1"), "a range without a beginning"),
        ("a-b", .malformed(part: "a-b"), "letters"),
        ("10", .outOfRange(part: "10"), "just above"),
        ("0-99999999999999999999", .outOfRange(part: "0-99999999999999999999"), "above 64 bits"),
        ("5-2", .backwards(part: "5-2", first: 2, last: 5), "backwards"),
        ("0-5", .tooMany, "six of five"),
        ("0-2,0-2", .tooMany, "six of five in two ranges"),
    ])
    func problemNamesThePart(text: String, problem: IntegerRanges.Problem, reason: String) {
        #expect(throws: problem, "\(reason)") { try IntegerRanges(text, within: 0...9, maxCount: 5) }
    }
}
