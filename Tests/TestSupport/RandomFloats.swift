// SPDX-License-Identifier: Apache-2.0

/// Repeatable pseudo-random numbers in -1..<1 (a linear congruential generator; Knuth's MMIX constants).
public struct RandomFloats {
    private var state: UInt64

    /// Equal seeds give equal numbers.
    public init(seed: UInt64) {
        state = seed
    }

    /// The next `count` numbers.
    public mutating func next(_ count: Int) -> [Float] {
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 23) - 1
        }
    }
}
