// SPDX-License-Identifier: Apache-2.0

/// A direction in which latents can be moved, such as from a neutral face to a smile.
public struct LatentDirection: Hashable, Sendable {
    /// Which latents it moves.
    public enum Space: String, CaseIterable, Sendable {
        /// The input of the mapping network.
        case z
        /// The intermediate latent.
        case w
    }

    /// Which latents it moves.
    public let space: Space
    /// One vector for all layers, or in w one for each: [1 or numWs, length]
    public let vectors: [Float]
    /// `zDim` or `wDim`.
    public let length: Int

    init(space: Space, vectors: [Float], length: Int) {
        self.space = space
        self.vectors = vectors
        self.length = length
    }

    /// The vector of a layer.
    func vector(ofLayer layer: Int) -> ArraySlice<Float> {
        let start = vectors.count == length ? 0 : layer * length
        return vectors[start..<start + length]
    }
}
