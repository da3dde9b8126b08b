// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A fully connected layer with equalised learning rate.
///
/// Stored weights are divided by the layer's learning rate multiplier; at run time they are scaled by
/// `multiplier / sqrt(inputs)` and the bias by `multiplier` (Karras et al., "Progressive Growing of GANs", 2018,
/// section 4.1).
struct FullyConnectedLayer: Sendable {
    enum Activation: Sendable {
        case linear
        /// Leaky ReLU of slope 0.2 times sqrt(2).
        case leakyReLU
    }

    let inputs: Int
    let outputs: Int
    /// [outputs, inputs]
    let weight: Tensor
    /// [outputs]
    private let bias: Tensor
    private let weightGain: Float
    private let biasGain: Float
    private let activation: Activation

    /// Takes `prefix.weight` [outputs, inputs] and `prefix.bias` [outputs].
    ///
    /// - Parameters:
    ///   - inputs: the expected width of the input, or nil to take it from the tensor
    ///   - outputs: the expected width of the output, or nil to take it from the tensor
    init(
        _ prefix: String, in parameters: ParameterMap, inputs: Int?, outputs: Int? = nil,
        learningRateMultiplier: Float = 1, activation: Activation = .linear
    ) throws {
        weight = try parameters.tensor("\(prefix).weight", shape: [outputs, inputs])
        self.outputs = weight.shape[0]
        self.inputs = weight.shape[1]
        bias = try parameters.tensor("\(prefix).bias", shape: [weight.shape[0]])
        weightGain = learningRateMultiplier / Float(weight.shape[1]).squareRoot()
        biasGain = learningRateMultiplier
        self.activation = activation
    }

    /// - Parameters:
    ///   - x: [inputs]
    ///   - result: [outputs], overwritten
    ///   - gain: scales the result
    func apply(_ x: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>, gain: Float = 1) {
        weight.withUnsafeBufferPointer { weights in
            guard let weights = weights.baseAddress else { return }
            DotProduct.multiply(matrix: weights, rows: outputs, columns: inputs, vector: x, result: result)
        }
        bias.withUnsafeBufferPointer { bias in
            for index in 0..<outputs {
                let value = (bias[index] * biasGain).addingProduct(weightGain, result[index])
                switch activation {
                case .linear:
                    result[index] = value * gain
                case .leakyReLU:
                    let activated = max(value, value * ActivationEpilogue.negativeSlope)
                    result[index] = activated * ActivationEpilogue.gain * gain
                }
            }
        }
    }

    /// - Parameter x: [inputs]
    /// - Returns: [outputs]
    func callAsFunction(_ x: [Float]) -> [Float] {
        [Float](unsafeUninitializedCapacity: outputs) { result, count in
            x.withUnsafeBufferPointer { x in
                guard let x = x.baseAddress, let result = result.baseAddress else { return }
                apply(x, result: result)
            }
            count = outputs
        }
    }
}
