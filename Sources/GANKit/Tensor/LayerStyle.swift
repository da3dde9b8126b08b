// SPDX-License-Identifier: Apache-2.0

/// What a style makes of one layer: factors of its input and of its output channels; zero where channels only fill a block.
///
/// Not `Sendable`: it belongs to one `Workspace`.
final class LayerStyle {
    /// [I']
    let styles: FloatBuffer
    /// Demodulation with the activation's gain, [O'].
    let demodulation: FloatBuffer

    init(inputChannels: Int, outputChannels: Int) {
        styles = FloatBuffer(zeros: inputChannels)
        demodulation = FloatBuffer(zeros: outputChannels)
    }
}
