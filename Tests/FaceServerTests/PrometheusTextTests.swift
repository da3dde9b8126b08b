// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct PrometheusTextTests {
    @Test(arguments: [
        (0, "0"), (1e15, "1000000000000000"), (0.1, "0.1"), (1e300, "1e+300"), (-2.5, "-2.5"),
        (Double.infinity, "+Inf"), (-Double.infinity, "-Inf"), (Double.nan, "NaN"),
    ])
    func numbersAreAsGoParsesThem(value: Double, text: String) {
        #expect(PrometheusText.number(value) == text)
    }

    @Test func labelValuesAndHelpAreEscaped() {
        var page = PrometheusText()
        page.family("a", .gauge, "One \\ line\nand \"two\"")
        page.sample("a", [("x", "back\\slash\n\"quote\" ü")], 1)
        #expect(
            page.text == #"""
                # HELP a One \\ line\nand "two"
                # TYPE a gauge
                a{x="back\\slash\n\"quote\" ü"} 1

                """#)
    }
}
