// SPDX-License-Identifier: Apache-2.0

/// What the bounds and defaults of a face's parameters depend on.
struct ModelTraits: Sendable {
    /// Width and height of the generator's image.
    var resolution: Int
    /// The number of w vectors, one a layer, that the synthesis network takes.
    var layerCount: Int
    /// How many of them truncation reaches where a request does not say; nil for all.
    var defaultCutoff: Int?
    /// The number of classes; 0 for an unconditional model.
    var classCount: Int
    /// Whether its layers add noise.
    var hasNoise = true
    /// Whether its pictures can be moved and turned.
    var hasTransform = false
    /// How many directions are found in its weights.
    var directionCount = 0
    /// Those of files.
    var directionNames: [String] = []
    /// Whether its faces can be judged.
    var hasDiscriminator = false
    /// The truncation of a request that names none.
    var defaultTruncation: FixedDecimal
}
