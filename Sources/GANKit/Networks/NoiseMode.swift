// SPDX-License-Identifier: Apache-2.0

/// Where the noise comes from that each synthesis layer adds.
public enum NoiseMode: String, CaseIterable, Sendable {
    /// The noise images of the checkpoint.
    case const
    /// Fresh noise images, drawn in layer order from the seed's stream after z, as the original TensorFlow
    /// `run_generator.py` draws them. So they too depend on the seed alone.
    case random
    /// No noise.
    case none
}
