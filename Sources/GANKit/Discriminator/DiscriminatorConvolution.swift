// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// What the convolutions of a discriminator have in common: equalised learning rate, bias, leaky ReLU and clamp.
struct DiscriminatorConvolution: Sendable {
    /// [O, I, kh, kw]
    let weight: Tensor
    /// Gains of the weights and of the activation, [O'].
    private let scale: Tensor
    /// With the gain, [O'].
    private let bias: Tensor
    private let clamp: Float

    /// Takes `prefix.weight` and `prefix.bias`.
    ///
    /// - Parameters:
    ///   - gain: of the output, beside that of the activation
    ///   - isClamped: whether the network's bound counts
    init(
        _ prefix: String, in parameters: ParameterMap, inputs: Int, outputs: Int, kernel: Int, gain: Float = 1,
        isClamped: Bool = true
    ) throws {
        weight = try parameters.tensor("\(prefix).weight", shape: [outputs, inputs, kernel, kernel])
        let gain = gain * ActivationEpilogue.gain
        let weightGain = gain / Float(inputs * kernel * kernel).squareRoot()
        bias = try parameters.tensor("\(prefix).bias", shape: [outputs]).mapped { $0 * gain }.filledUp()
        scale = try Tensor(shape: [outputs], elements: [Float](repeating: weightGain, count: outputs)).filledUp()
        let bound = isClamped ? parameters.reader.metadata.convClamp : nil
        clamp = bound.map { $0 * gain / ActivationEpilogue.gain } ?? .infinity
    }

    /// Calls `body` with what follows the convolution's sums.
    func withEpilogue(_ body: (ActivationEpilogue) -> Void) {
        scale.withUnsafeBufferPointer { scale in
            bias.withUnsafeBufferPointer { bias in
                guard let scale = scale.baseAddress, let bias = bias.baseAddress else { return }
                body(ActivationEpilogue(scale: scale, bias: bias, noise: nil, noiseStrength: 0, clamp: clamp))
            }
        }
    }
}
