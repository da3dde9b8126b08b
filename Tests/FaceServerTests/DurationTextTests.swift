// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("30", .seconds(30), "seconds without a unit"),
            ("30s", .seconds(30), "seconds with one"),
            ("500ms", .milliseconds(500), "milliseconds"),
            ("1.5s", .milliseconds(1500), "a fraction"),
            ("2m", .seconds(120), "minutes"),
            ("0.5h", .seconds(1800), "hours"),
            ("0", .zero, "none at all"),
        ] as [(String, Duration, String)])
    func peoplesDurationsAreRead(text: String, duration: Duration, reason: String) {
        #expect(DurationText.parse(text) == duration, "\(reason)")
    }

    @Test(arguments: ["", "s", "30 s", "-1s", "1e3", "1d", "1m30s", "9999999s", "nan", "∞", "1S"])
    func othersAreRefused(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(arguments: ["0s", "30s", "60s", "2m", "1h", "500ms", "90s"])
    func formatIsReadBack(text: String) throws {
        #expect(DurationText.format(try #require(DurationText.parse(text))) == text)
    }
}
