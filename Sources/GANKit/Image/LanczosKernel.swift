// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The weights with which an axis of one length is resampled to another.
///
/// Lanczos windowed sinc with three lobes; pixel centres lie at half-integers; weights at the rim are renormalised.
struct LanczosKernel {
    private static let lobes = 3.0

    /// For each target pixel the first source pixel that counts.
    let starts: [Int]
    /// For each target pixel the weights of the source pixels from `starts` on; they sum to 1.
    let weights: [[Float]]

    init(source: Int, target: Int) {
        let scale = Double(source) / Double(target)
        let stretch = max(1, scale)
        let radius = Self.lobes * stretch
        var starts: [Int] = []
        var weights: [[Float]] = []
        for pixel in 0..<target {
            let center = (Double(pixel) + 0.5) * scale
            let first = max(0, Int((center - radius).rounded(.down)))
            let last = min(source - 1, Int((center + radius).rounded(.down)))
            let raw = (first...last).map { Self.lanczos((Double($0) + 0.5 - center) / stretch) }
            let sum = raw.reduce(0, +)
            starts.append(first)
            weights.append(raw.map { Float($0 / sum) })
        }
        self.starts = starts
        self.weights = weights
    }

    private static func lanczos(_ x: Double) -> Double {
        if x == 0 { return 1 }
        if abs(x) >= lobes { return 0 }
        let angle = Double.pi * x
        return lobes * sin(angle) * sin(angle / lobes) / (angle * angle)
    }
}
