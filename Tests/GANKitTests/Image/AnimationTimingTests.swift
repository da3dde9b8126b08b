// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct AnimationTimingTests {
    @Test(arguments: [
        (0, 0, false, "no frames"), (1, 0, true, "the slowest"), (100, 65_535, true, "the fastest, the most loops"),
        (101, 0, false, "too fast"), (24, -1, false, "negative loops"), (24, 65_536, false, "too many loops"),
    ])
    func boundsAreKept(fps: Int, loops: Int, isTiming: Bool, reason: String) {
        #expect((AnimationTiming(framesPerSecond: fps, loops: loops) != nil) == isTiming, "\(reason)")
    }

    @Test(arguments: [1, 7, 24, 30, 60, 100])
    func aSecondOfFramesTakesASecond(fps: Int) throws {
        let timing = try #require(AnimationTiming(framesPerSecond: fps))
        let durations = (0..<fps).map { timing.milliseconds(ofFrame: $0) }
        #expect(durations.reduce(0, +) == 1000)
        #expect(Set(durations).isSubset(of: [1000 / fps, 1000 / fps + 1]))
    }
}
