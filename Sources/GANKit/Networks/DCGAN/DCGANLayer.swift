// SPDX-License-Identifier: Apache-2.0

/// A transposed convolution with its bias.
struct DCGANLayer: Sendable {
    /// Of the output.
    let channels: Int
    /// Width and height of the output.
    let side: Int
    let convolution: TransposedConvolution
    /// [O']
    private let bias: Tensor

    /// Takes `prefix.weight` [I, O, k, k] and `prefix.bias` [O].
    ///
    /// - Parameters:
    ///   - inputs: the expected number of input channels
    ///   - side: width and height of the input
    init(
        _ prefix: String, in parameters: ParameterMap, inputs: Int, side: Int, stride: Int, padding: Int,
        loop: ParallelLoop
    ) throws {
        let name = "\(prefix).weight"
        let shape = try parameters.shape(name, [inputs, nil, nil, nil])
        guard shape[2] == shape[3], (stride...16).contains(shape[2]), (0..<shape[2]).contains(padding) else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): a filter of \(shape[2])x\(shape[3]) with stride \(stride) and padding "
                    + "\(padding) is not supported")
        }
        channels = shape[1]
        self.side = side * stride
        guard self.side <= DCGANNetwork.supportedResolutions.upperBound,
            channels <= SynthesisConfiguration.largestActivation / (self.side * self.side)
        else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): \(channels) channels at \(self.side)x\(self.side) pixels exceed the "
                    + "largest supported activation of \(SynthesisConfiguration.largestActivation) elements or "
                    + "\(DCGANNetwork.supportedResolutions.upperBound) pixels")
        }
        convolution = TransposedConvolution(
            weight: try parameters.tensor(name, shape: shape), height: side, width: side, stride: stride,
            padding: padding, loop: loop)
        bias = try parameters.tensor("\(prefix).bias", shape: [channels]).filledUp()
    }

    /// Elements of the output.
    var outputCount: Int { side * side * convolution.outputs }

    /// - Parameters:
    ///   - x: [H, W, I']
    ///   - y: the output, overwritten
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, slope: Float, workspace: DCGANWorkspace
    ) {
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            convolution.apply(
                x: x, y: y, bias: bias, slope: slope, scratch: workspace.scratch.pointer, loop: workspace.loop)
        }
    }
}
