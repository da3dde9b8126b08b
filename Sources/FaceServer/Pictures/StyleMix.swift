// SPDX-License-Identifier: Apache-2.0

/// Layers of a face that another seed decides.
struct StyleMix: Hashable, Sendable {
    /// The other seed.
    var seed: UInt32
    /// The layers that take its w.
    var layers: LayerSet
}
