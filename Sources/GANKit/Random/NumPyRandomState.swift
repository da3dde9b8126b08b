// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The same streams as `numpy.random.RandomState(seed)`: MT19937 and the legacy polar Gauss method, bit for bit.
///
/// Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998; Marsaglia's polar method with the second
/// value of a pair handed out first and the first one kept, as NumPy's legacy generator does.
public struct NumPyRandomState: Sendable {
    private static let stateSize = 624
    private static let shiftSize = 397

    private var state: [UInt32]
    private var position: Int
    private var cachedNormal: Double?

    /// The stream that `numpy.random.RandomState(seed)` starts, for seeds 0 to 2^32-1.
    public init(seed: UInt32) {
        state = [UInt32](repeating: 0, count: Self.stateSize)
        state[0] = seed
        for index in 1..<Self.stateSize {
            let previous = state[index - 1]
            state[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
        }
        position = Self.stateSize
    }

    /// The next raw 32-bit word.
    public mutating func nextUInt32() -> UInt32 {
        if position == Self.stateSize {
            twist()
        }
        var word = state[position]
        position += 1
        word ^= word >> 11
        word ^= (word << 7) & 0x9d2c_5680
        word ^= (word << 15) & 0xefc6_0000
        return word ^ (word >> 18)
    }

    /// The next uniform double in [0, 1) with 53 random bits, as `random_sample()`.
    public mutating func nextUniform() -> Double {
        let high = Double(nextUInt32() >> 5)
        let low = Double(nextUInt32() >> 6)
        return (high * 67_108_864 + low) / 9_007_199_254_740_992
    }

    /// The next standard normal value, as `randn()`.
    public mutating func nextNormal() -> Double {
        if let cached = cachedNormal {
            cachedNormal = nil
            return cached
        }
        while true {
            let x1 = 2 * nextUniform() - 1
            let x2 = 2 * nextUniform() - 1
            let squaredRadius = x1 * x1 + x2 * x2
            if squaredRadius < 1, squaredRadius != 0 {
                let factor = (-2 * log(squaredRadius) / squaredRadius).squareRoot()
                cachedNormal = factor * x1
                return factor * x2
            }
        }
    }

    /// The next `count` standard normal values, as `randn(count)`.
    public mutating func standardNormal(count: Int) -> [Double] {
        (0..<count).map { _ in nextNormal() }
    }

    /// Replaces all words of the state by their successors.
    private mutating func twist() {
        state.withUnsafeMutableBufferPointer { words in
            for index in 0..<Self.stateSize {
                let next = index + 1 == Self.stateSize ? 0 : index + 1
                let shifted = (index + Self.shiftSize) % Self.stateSize
                let mixed = (words[index] & 0x8000_0000) | (words[next] & 0x7fff_ffff)
                words[index] = words[shifted] ^ (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
            }
        }
        position = 0
    }
}
