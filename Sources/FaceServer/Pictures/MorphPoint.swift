// SPDX-License-Identifier: Apache-2.0

/// A place on the way from one seed to the next.
struct MorphPoint: Hashable, Sendable {
    /// What is interpolated.
    enum Space: String, CaseIterable, Sendable {
        /// The intermediate latent, along straight lines or, on a closed way, along one smooth curve.
        case w
        /// The input latent, along the sphere that inputs lie near.
        case z
    }

    static let seedCounts = 2...16

    /// At least two.
    let seeds: [UInt32]
    /// 0 is the first seed, 1 the second, and so on.
    var position: FixedDecimal
    /// Whether the way goes from the last seed to the first again.
    var isClosed = false
    var space = Space.w

    /// Where the way ends: at the last seed, or at the first again.
    var end: Int { isClosed ? seeds.count : seeds.count - 1 }

    /// The seeds as the path of a URL has them: "1-2-3".
    var path: String { Self.path(of: seeds) }

    static func path(of seeds: [UInt32]) -> String {
        seeds.map { "\($0)" }.joined(separator: "-")
    }

    /// The leg of the way that the place is on, and how much of it lies behind: straight from `first` to `second`.
    var leg: (first: UInt32, second: UInt32, fraction: Double) {
        let index = min(max(position.millionths / 1_000_000, 0), end - 1)
        let fraction = Double(position.millionths - index * 1_000_000) / 1_000_000
        return (seeds[index], seeds[(index + 1) % seeds.count], fraction)
    }
}
