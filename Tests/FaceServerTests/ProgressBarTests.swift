// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ProgressBarTests {
    @Test(arguments: [
        (0, 0.0, "[..............................] 0/48", "nothing is known at the beginning"),
        (16, 10.0, "[##########....................] 16/48, 0:20 left", "twice as much is to come"),
        (47, 470.0, "[#############################.] 47/48, 0:10 left", "one more"),
        (1, 10.0, "[..............................] 1/48, 7:50 left", "minutes"),
        (48, 480.0, "[##############################] 48/48", "the end"),
        (60, 1.0, "[##############################] 48/48", "more than was announced"),
    ])
    func barShowsTheTimeLeft(done: Int, seconds: Double, line: String, reason: String) {
        #expect(ProgressBar(total: 48).line(done: done, elapsed: .seconds(seconds)) == line, "\(reason)")
    }
}
