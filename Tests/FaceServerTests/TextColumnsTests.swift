// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct TextColumnsTests {
    /// As C's `printf("%.*f", places, value)` writes it, but for -0 and what no `Int` can hold.
    @Test(
        arguments: [
            (0, 2, "0.00"), (1.5, 1, "1.5"), (0.04, 1, "0.0"), (-0.04, 1, "0.0"), (-1.25, 2, "-1.25"),
            (9.996, 2, "10.00"),
            (1234.5678, 0, "1235"), (0.0049, 4, "0.0049"), (1e300, 2, "1e+300"), (.infinity, 2, "inf"),
            (.nan, 2, "nan"),
        ] as [(Double, Int, String)])
    func numberHasSoManyDigits(value: Double, places: Int, text: String) {
        #expect(value.fixed(places) == text)
    }

    @Test func textFillsItsColumn() {
        #expect("ab".padded(to: 4) == "ab  ")
        #expect("ab".aligned(to: 4) == "  ab")
        #expect("abcde".padded(to: 4) == "abcde")
        #expect("abcde".aligned(to: 4) == "abcde")
    }
}
