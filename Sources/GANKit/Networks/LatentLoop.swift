// SPDX-License-Identifier: Apache-2.0

/// A smooth closed path of w through key latents: that of the official interpolation video.
///
/// It is the cubic spline through the keys, which follow each other again and again: `wraps` times before and after, where
/// the spline ends with the "not a knot" condition, as `scipy.interpolate.interp1d(..., kind="cubic")` does.
///
/// ```swift
/// let loop = LatentLoop([a, b, c])
/// for frame in 0..<48 { latents.append(loop.latent(at: Double(frame) * 3 / 48)) }
/// ```
public struct LatentLoop: Sendable {
    /// How often the official script repeats the keys on either side.
    private static let wraps = 2

    private let keys: [Latent]
    /// The spline's second derivative at each key and the next one after the last, as weights of the keys: [keys + 1, keys].
    private let curvatures: [[Double]]

    /// A path through latents of one generator, at least one. Noise and transform are those of the first.
    public init(_ keys: [Latent]) {
        precondition(!keys.isEmpty, "a path needs a key")
        precondition(keys.allSatisfy { $0.ws.count == keys[0].ws.count }, "keys of several generators")
        self.keys = keys
        curvatures = Self.curvatures(keys: keys.count)
    }

    /// The latent at a place of the path.
    ///
    /// - Parameter position: 0 is the first key, 1 the second; after the last comes the first again
    public func latent(at position: Double) -> Latent {
        let weights = weights(at: position)
        var latent = keys[0]
        for index in latent.ws.indices {
            var sum = 0.0
            for (key, weight) in zip(keys, weights) {
                sum += Double(key.ws[index]) * weight
            }
            latent.ws[index] = Float(sum)
        }
        return latent
    }

    /// How much each key counts; the sum is 1.
    func weights(at position: Double) -> [Double] {
        let count = Double(keys.count)
        var wrapped = position.truncatingRemainder(dividingBy: count)
        if wrapped < 0 { wrapped += count }
        let knot = min(Int(wrapped), keys.count - 1)
        let right = wrapped - Double(knot)
        let left = 1 - right
        var weights = zip(curvatures[knot], curvatures[knot + 1]).map { before, after in
            ((left * left * left - left) * before + (right * right * right - right) * after) / 6
        }
        weights[knot] += left
        weights[(knot + 1) % keys.count] += right
        return weights
    }

    /// Solves the spline's equations `m[i - 1] + 4 m[i] + m[i + 1] = 6 (y[i - 1] - 2 y[i] + y[i + 1])` for keys of which one
    /// is 1 and the others are 0, in turn.
    ///
    /// "Not a knot" says `m[0] - 2 m[1] + m[2] = 0`, whereby the equation of `m[1]` becomes `6 m[1] = ...`; likewise at the end.
    private static func curvatures(keys: Int) -> [[Double]] {
        let count = keys * (2 * wraps + 1)
        var result = [[Double]](repeating: [Double](repeating: 0, count: keys), count: keys + 1)
        for key in 0..<keys {
            func y(_ index: Int) -> Double { index % keys == key ? 1 : 0 }
            var m = (0..<count).map { index in
                index == 0 || index == count - 1 ? 0 : 6 * (y(index - 1) - 2 * y(index) + y(index + 1))
            }
            m[1] /= 6
            m[count - 2] /= 6
            // Thomas' algorithm for the equations between those two.
            var factors = [Double](repeating: 0, count: count)
            for index in 2..<count - 2 {
                let divisor = 4 - factors[index - 1]
                let isLast = index == count - 3
                factors[index] = isLast ? 0 : 1 / divisor
                m[index] = (m[index] - m[index - 1] - (isLast ? m[count - 2] : 0)) / divisor
            }
            for index in stride(from: count - 4, through: 2, by: -1) {
                m[index] -= factors[index] * m[index + 1]
            }
            for knot in 0...keys {
                result[knot][key] = m[wraps * keys + knot]
            }
        }
        return result
    }
}
