// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct FixedDecimalTests {
    @Test(arguments: [
        ("0.7", 700_000, "0.7", "as the documentation writes it"),
        ("0.70", 700_000, "0.7", "trailing zeros say nothing"),
        ("00.7", 700_000, "0.7", "leading zeros say nothing"),
        ("1", 1_000_000, "1", "no point"),
        ("1.0", 1_000_000, "1", "a whole number has no point"),
        ("-0.5", -500_000, "-0.5", "negative"),
        ("-0", 0, "0", "there is one zero"),
        ("-0.0000001", 0, "0", "a negative number that rounds to zero"),
        ("0.0000005", 1, "0.000001", "half rounds away from zero"),
        ("0.00000049", 0, "0", "less than half rounds to zero"),
        ("0.9999995", 1_000_000, "1", "rounding carries into the whole part"),
        ("-1.9999999", -2_000_000, "-2", "rounding of a negative number"),
        ("0.05", 50_000, "0.05", "a zero behind the point counts"),
        ("000000000000000000000012", 12_000_000, "12", "any number of leading zeros"),
    ])
    func plainDecimalsAreRead(text: String, millionths: Int, canonical: String, reason: String) {
        let number = FixedDecimal(text)
        #expect(number?.millionths == millionths, "\(reason)")
        #expect(number?.description == canonical, "\(reason)")
    }

    @Test(arguments: [
        ("", "empty"),
        ("-", "a sign alone"),
        ("+1", "a plus is a space in a query, and a second spelling elsewhere"),
        (".5", "no digit before the point"),
        ("5.", "no digit after the point"),
        ("1.2.3", "two points"),
        ("1e0", "exponent"),
        ("0x1", "hexadecimal"),
        ("nan", "not a number"),
        ("inf", "infinity"),
        ("-infinity", "infinity by its long name"),
        ("0,7", "decimal comma"),
        (" 1", "leading space"),
        ("--1", "two signs"),
        ("٣", "a digit, but not an ASCII one"),
        ("1234567890123", "more digits than any bound has"),
    ])
    func otherFormsAreRefused(text: String, reason: String) {
        #expect(FixedDecimal(text) == nil, "\(reason)")
    }

    @Test func floatIsTheNearest() {
        #expect(FixedDecimal("0.7")?.floatValue == 0.7)
        #expect(FixedDecimal("-1.3")?.floatValue == -1.3)
    }
}
