// SPDX-License-Identifier: Apache-2.0

/// What a synthesis network starts from: a point between a request and its picture.
///
/// Latents of one generator can be mixed with each other; `Generator.latent(of:)` makes them and `Generator.synthesize`
/// makes pictures of them.
public struct Latent: Sendable {
    /// The w vectors of the layers, coarsest first, truncated: [numWs, wDim].
    public internal(set) var ws: [Float]
    /// Length of one of them.
    let wDim: Int
    /// Where the layers' noise comes from.
    var noise: NoiseSource
    /// How the picture is moved and turned; nil leaves that to the checkpoint.
    var transform: ImageTransform?

    init(ws: [Float], wDim: Int, noise: NoiseSource, transform: ImageTransform? = nil) {
        self.ws = ws
        self.wDim = wDim
        self.noise = noise
        self.transform = transform
    }

    /// The number of w vectors.
    public var numWs: Int { ws.count / wDim }

    /// Style mixing: this latent with the w vectors of some layers taken from another one. Noise and transform stay this latent's.
    ///
    /// - Parameter layers: numbers of w vectors; those that do not exist are left out
    public func mixing(layers: some Sequence<Int>, from other: Latent) -> Latent {
        var mixed = self
        for layer in layers where (0..<numWs).contains(layer) {
            let range = layer * wDim..<(layer + 1) * wDim
            mixed.ws.replaceSubrange(range, with: other.ws[range])
        }
        return mixed
    }

    /// A point on the line from this latent to another one: `w = a + (b - a) * fraction`. Noise and transform stay this latent's.
    ///
    /// - Parameter fraction: 0 is this latent, 1 is the other one
    public func interpolated(to other: Latent, fraction: Float) -> Latent {
        var between = self
        for index in ws.indices {
            between.ws[index] = ws[index] + (other.ws[index] - ws[index]) * fraction
        }
        return between
    }
}
