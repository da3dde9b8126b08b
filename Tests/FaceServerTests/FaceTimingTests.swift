// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct FaceTimingTests {
    @Test(
        arguments: [
            (FaceTiming(cache: .hit), "cache;desc=hit", "nothing was computed"),
            (
                FaceTiming(
                    cache: .miss, queue: .microseconds(50), inference: .microseconds(1_400), png: .milliseconds(12)),
                "cache;desc=miss, queue;dur=0.05, infer;dur=1.4, png;dur=12", "milliseconds, no longer than needed"
            ),
            (
                FaceTiming(cache: .joined, queue: .zero, inference: .nanoseconds(1_600), png: .nanoseconds(400)),
                "cache;desc=joined, queue;dur=0, infer;dur=0.002, png;dur=0", "rounded to microseconds"
            ),
        ] as [(FaceTiming, String, String)])
    func fieldIsInMilliseconds(timing: FaceTiming, value: String, reason: String) {
        #expect(timing.fieldValue == value, "\(reason)")
    }
}
