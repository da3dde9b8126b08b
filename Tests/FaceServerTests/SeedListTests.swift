// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct SeedListTests {
    @Test(arguments: [
        ("42", [42], "one"),
        ("0-9,42", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 42], "the documentation's example"),
        ("1,2,5-7", [1, 2, 5, 6, 7], "both ends belong to a range"),
        ("3,3", [3, 3], "repeats are kept, as the official script keeps them"),
        ("7-7", [7], "a range of one"),
        ("0042", [42], "leading zeros of file names"),
        ("4294967295", [4_294_967_295], "the greatest seed"),
    ])
    func officialGrammar(text: String, seeds: [UInt32], reason: String) throws {
        #expect(try SeedList(text).seeds == seeds, "\(reason)")
    }

    @Test(arguments: [
        ("", "--seeds: '' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("1,,2", "--seeds: '' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("a", "--seeds: 'a' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("-1", "--seeds: '-1' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("1-", "--seeds: '1-' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("1-2-3", "--seeds: '1-2-3' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("4294967296", "--seeds: '4294967296' is neither an integer from 0 to 4294967295 nor a range of such, as 0-9"),
        ("9-0", "--seeds: the range '9-0' runs backwards, expected 0-9"),
        ("0-4294967295", "--seeds: '0-4294967295' has more than 1000000 seeds"),
        ("0-999999,5", "--seeds: '0-999999,5' has more than 1000000 seeds"),
    ])
    func badSeedsAreNamed(text: String, message: String) {
        #expect(throws: CommandFailure(message)) { try SeedList(text) }
    }
}
