// SPDX-License-Identifier: Apache-2.0

/// One layer of a DCGAN generator as files have it: a convolution or a fully connected layer, and the batch normalisation
/// that follows.
struct DCGANStage {
    /// The statistics of training, with which a trained network normalises: each [O].
    struct Normalization: Sendable {
        let gamma: TensorSource
        let beta: TensorSource
        let mean: TensorSource
        let variance: TensorSource
        let epsilon: Double
    }

    /// [I, O, kh, kw]; of the stem [z, C, H, W].
    var weight: TensorSource
    /// [O], or of the stem [C, H, W] if each pixel has its own; nil for none.
    var bias: TensorSource?
    /// Over the channels.
    var normalization: Normalization?

    var inputs: Int { weight.shape[0] }
    var outputs: Int { weight.shape[1] }

    /// The layer with the normalisation multiplied into it: y = scale x + shift for each channel.
    ///
    /// - Parameter biasShape: [O], or [C, H, W] for the stem
    func folded(biasShape: [Int]) -> (weight: TensorSource, bias: TensorSource) {
        let area = biasShape.dropFirst().reduce(1, *)
        let (weight, bias, normalization) = (weight, bias, normalization)
        guard let normalization else {
            let spread = TensorSource(name: bias?.name ?? weight.name, shape: biasShape) {
                try Self.shifted(bias, biasShape, area, scale: nil, shift: nil)
            }
            return (weight, spread)
        }
        let scaled = TensorSource(name: weight.name, shape: weight.shape) {
            let scale = try Self.factors(normalization).scale
            let taps = weight.shape[2...].reduce(1, *)
            let outputs = weight.shape[1]
            return try weight.tensor().withUnsafeBufferPointer { source in
                Tensor(shape: weight.shape) { elements in
                    for index in elements.indices {
                        elements[index] = Float(Double(source[index]) * scale[index / taps % outputs])
                    }
                }
            }
        }
        let shifted = TensorSource(name: normalization.beta.name, shape: biasShape) {
            let (scale, shift) = try Self.factors(normalization)
            return try Self.shifted(bias, biasShape, area, scale: scale, shift: shift)
        }
        return (scaled, shifted)
    }

    /// `bias * scale + shift`, spread over the pixels where the bias is not.
    private static func shifted(
        _ bias: TensorSource?, _ shape: [Int], _ area: Int, scale: [Double]?, shift: [Double]?
    ) throws -> Tensor {
        let values = try bias?.tensor().elements
        return Tensor(shape: shape) { elements in
            for index in elements.indices {
                let channel = index / area
                let value = values.map { Double($0[$0.count == elements.count ? index : channel]) } ?? 0
                elements[index] = Float(value * (scale?[channel] ?? 1) + (shift?[channel] ?? 0))
            }
        }
    }

    private static func factors(_ norm: Normalization) throws -> (scale: [Double], shift: [Double]) {
        let (gamma, beta) = (try norm.gamma.tensor().elements, try norm.beta.tensor().elements)
        let (mean, variance) = (try norm.mean.tensor().elements, try norm.variance.tensor().elements)
        let scale = zip(gamma, variance).map { Double($0) / (Double($1) + norm.epsilon).squareRoot() }
        let shift = beta.indices.map { Double(beta[$0]) - Double(mean[$0]) * scale[$0] }
        return (scale, shift)
    }
}

extension DCGANStage {
    /// The side of the square image into which the outputs of a linear stem fall.
    ///
    /// - Throws: `CheckpointError.unsupported` where they make none
    static func side(of weight: TensorSource, outputs: Int, channels: Int) throws -> Int {
        let side = Int((Double(outputs) / Double(channels)).squareRoot())
        guard side > 0, side * side * channels == outputs else {
            throw CheckpointError.unsupported(
                detail: "tensor \(weight.name.quoted): \(outputs) outputs are no square image of \(channels) channels")
        }
        return side
    }

    /// Our tensors of a network: `stem.weight` [z, C, H, W], `stem.bias` [C, H, W], `layers.0.weight` [I, O, k, k],
    /// `layers.0.bias` [O], ...
    static func tensors(of stages: [DCGANStage]) -> [String: TensorSource] {
        var tensors: [String: TensorSource] = [:]
        for (index, stage) in stages.enumerated() {
            let name = index == 0 ? "stem" : "layers.\(index - 1)"
            let biasShape = index == 0 ? Array(stage.weight.shape[1...]) : [stage.outputs]
            let folded = stage.folded(biasShape: biasShape)
            tensors["\(name).weight"] = folded.weight
            tensors["\(name).bias"] = folded.bias
        }
        return tensors
    }
}
