// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct ServiceRateTests {
    @Test func withoutMeasureOneSecond() {
        #expect(ServiceRate().timeToServe(1000, workers: 1) == .seconds(1))
    }

    @Test(arguments: [
        (2, 10, 1, 20, "one after the other"),
        (2, 10, 4, 5, "shared among workers"),
        (2, 1, 4, 1, "never less than a second"),
        (3, 1, 2, 2, "rounded up"),
        (60, 100, 1, 120, "never more than two minutes"),
    ])
    func timeIsThatOfTheRequestsBefore(
        secondsEach: Int, requests: Int, workers: Int, expected: Int, reason: String
    ) {
        var rate = ServiceRate()
        rate.record(.seconds(secondsEach * 4), count: 4)
        #expect(rate.timeToServe(requests, workers: workers) == .seconds(expected), "\(reason)")
    }

    @Test func oldSamplesFade() {
        var rate = ServiceRate()
        rate.record(.seconds(100), count: 1)
        for _ in 0..<60 {
            rate.record(.seconds(1), count: 1)
        }
        #expect(rate.timeToServe(10, workers: 1) == .seconds(11))
    }
}
