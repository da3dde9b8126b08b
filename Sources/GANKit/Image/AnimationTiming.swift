// SPDX-License-Identifier: Apache-2.0

/// How fast and how often an animation plays.
public struct AnimationTiming: Hashable, Sendable {
    /// What a frame rate may be. Browsers show no more than 100 frames in a second.
    public static let frameRates = 1...100
    /// What a number of loops may be.
    public static let loopCounts = 0...65_535

    /// All frames are shown for the same time.
    public let framesPerSecond: Int
    /// How often all frames are shown; 0 for ever.
    public let loops: Int

    /// A timing, or nil when a number is out of bounds.
    public init?(framesPerSecond: Int, loops: Int = 0) {
        guard Self.frameRates.contains(framesPerSecond), Self.loopCounts.contains(loops) else { return nil }
        self.framesPerSecond = framesPerSecond
        self.loops = loops
    }

    /// How many milliseconds a frame is shown. Frames differ by one, so that none is ever half a millisecond off.
    func milliseconds(ofFrame index: Int) -> Int {
        milliseconds(beforeFrame: index + 1) - milliseconds(beforeFrame: index)
    }

    private func milliseconds(beforeFrame index: Int) -> Int {
        (index * 1000 + framesPerSecond / 2) / framesPerSecond
    }
}
