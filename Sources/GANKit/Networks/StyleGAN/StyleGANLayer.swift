// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// A 3x3 convolution with noise, bias, leaky ReLU and the style; where it up-samples, pixels are repeated before and blurred
/// with [1, 2, 1] after the convolution. The first layer has a constant in place of a convolution.
struct StyleGANLayer: Sendable {
    /// Where the layer's values come from.
    private enum Source: Sendable {
        /// The map of the constant.
        case constant(Tensor)
        case convolution(LayerConvolution)
    }

    /// "b64.conv1"
    let name: String
    /// By the definition of the convolution.
    let multiplyAdds: Int
    let channels: Int
    /// The layer's place, and that of its w among the w vectors.
    private let wIndex: Int
    private let source: Source
    private let norm: AdaptiveInstanceNorm
    private let affine: FullyConnectedLayer
    /// [H, W]
    private let noiseConst: Tensor
    /// One for each input channel: the style acts on the output here.
    private let inputFactors: Tensor
    /// He's gain for each output channel, [O'].
    private let gains: Tensor
    /// No bias before the normalisation's own, [O'].
    private let zeros: Tensor

    /// The constant and what follows: `block.const` [C, 4, 4] and the tensors below `block.conv0`.
    init(constantOf block: String, in parameters: ParameterMap, channels: Int, wDim: Int) throws {
        let planes = try parameters.tensor("\(block).const", shape: [channels, 4, 4])
        let map = ActivationMap(height: 4, width: 4, channels: channels)
        let tensor = Tensor(shape: [map.count]) { elements in
            elements.initialize(repeating: 0)
            planes.withUnsafeBufferPointer { planes in
                for index in planes.indices {
                    let (channel, pixel) = index.quotientAndRemainder(dividingBy: 16)
                    elements[map.offset(row: pixel / 4, column: pixel % 4) + channel] = planes[index]
                }
            }
        }
        try self.init(
            "\(block).conv0", source: .constant(tensor), map: map, in: parameters, inputs: 0, outputs: channels,
            resolution: 4, wDim: wDim, wIndex: 0, multiplyAdds: 0)
    }

    /// Takes the tensors below `prefix`.
    ///
    /// - Parameter resolution: of the output
    init(
        _ prefix: String, in parameters: ParameterMap, inputs: Int, outputs: Int, resolution: Int, wDim: Int,
        wIndex: Int,
        isUpsampling: Bool, loop: ParallelLoop
    ) throws {
        let weight = try parameters.tensor("\(prefix).weight", shape: [outputs, inputs, 3, 3])
        let convolution: LayerConvolution
        if isUpsampling {
            // Repeated pixels, the convolution, and the blur are a transposed convolution with the filter turned by 180
            // degrees and a low-pass of [1, 3, 3, 1], but for the edges.
            convolution = LayerConvolution(
                weight: weight.permuted([0, 1, 2, 3], reversing: [2, 3]), filter: try Self.lowPass(),
                upsampling: resolution / 2, edge: .negated, maxBatch: 1, loop: loop)
        } else {
            convolution = LayerConvolution(weight: weight, resolution: resolution, maxBatch: 1, loop: loop)
        }
        try self.init(
            prefix, source: .convolution(convolution), map: convolution.output, in: parameters, inputs: inputs,
            outputs: outputs, resolution: resolution, wDim: wDim, wIndex: wIndex,
            // A transposed convolution of stride 2 meets each tap once an input pixel.
            multiplyAdds: 9 * inputs * outputs * resolution * resolution / (isUpsampling ? 4 : 1))
    }

    private init(
        _ prefix: String, source: Source, map: ActivationMap, in parameters: ParameterMap, inputs: Int, outputs: Int,
        resolution: Int, wDim: Int, wIndex: Int, multiplyAdds: Int
    ) throws {
        name = String(prefix.dropFirst("synthesis.".count))
        self.multiplyAdds = multiplyAdds
        self.source = source
        self.wIndex = wIndex
        channels = outputs
        affine = try FullyConnectedLayer("\(prefix).affine", in: parameters, inputs: wDim, outputs: 2 * outputs)
        noiseConst = try parameters.tensor("\(prefix).noise_const", shape: [resolution, resolution])
        norm = AdaptiveInstanceNorm(
            map: map, bias: try parameters.tensor("\(prefix).bias", shape: [outputs]).filledUp(),
            noiseStrength: try parameters.tensor("\(prefix).noise_strength", shape: [outputs]).filledUp())
        inputFactors = Self.filled(1, Lanes.padded(inputs))
        gains = Self.filled((2 / Float(9 * max(1, inputs))).squareRoot(), map.channels)
        zeros = Self.filled(0, map.channels)
    }

    /// How the layer's w becomes its style.
    var styleAffine: StyleAffine { StyleAffine(wIndex: wIndex, weight: affine.weight) }

    /// Elements of the output map.
    var outputCount: Int { norm.map.count }
    /// Of the output.
    var map: ActivationMap { norm.map }

    /// The elements of intermediate memory that the layer needs.
    var intermediateCount: Int {
        if case .convolution(let convolution) = source { convolution.intermediateCount } else { 0 }
    }

    /// The elements of scratch memory that the layer needs.
    func scratchCount(threads: Int) -> Int {
        guard case .convolution(let convolution) = source else { return norm.scratchCount }
        return max(norm.scratchCount, convolution.scratchCount(threads: threads, batch: 1))
    }

    /// - Parameters:
    ///   - x: the output map of the layer before; the first layer reads none
    ///   - y: a `map`, overwritten
    ///   - ws: [numWs, wDim]
    func apply(
        x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, ws: UnsafePointer<Float>, noise: inout NoiseSource,
        workspace: StyleGANWorkspace
    ) {
        run(x: x, y: y, workspace: workspace)
        let (scale, shift) = style(ws: ws, workspace: workspace)
        norm.apply(
            y, noise: noise.next(constant: noiseConst, buffer: workspace.noise.pointer), scale: scale, shift: shift,
            scratch: workspace.scratch.pointer, loop: workspace.loop)
    }

    private func run(x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, workspace: StyleGANWorkspace) {
        switch source {
        case .constant(let tensor):
            tensor.withUnsafeBufferPointer { elements in
                guard let elements = elements.baseAddress else { return }
                y.update(from: elements, count: tensor.count)
            }
        case .convolution(let convolution):
            inputFactors.withUnsafeBufferPointer { factors in
                gains.withUnsafeBufferPointer { gains in
                    zeros.withUnsafeBufferPointer { zeros in
                        guard let factors = factors.baseAddress, let gains = gains.baseAddress,
                            let zeros = zeros.baseAddress
                        else { return }
                        let epilogue = ActivationEpilogue(
                            scale: gains, bias: zeros, noise: nil, noiseStrength: 0, clamp: .infinity, slope: 1)
                        convolution.apply(
                            [LayerImage(x: x, styles: factors, y: y, epilogue: epilogue)],
                            intermediate: workspace.intermediate.pointer, scratch: workspace.scratch.pointer,
                            loop: workspace.loop)
                    }
                }
            }
        }
    }

    /// The style's factor, to which 1 is added, and its shift, each [C'].
    private func style(
        ws: UnsafePointer<Float>, workspace: StyleGANWorkspace
    ) -> (scale: UnsafePointer<Float>, shift: UnsafePointer<Float>) {
        let raw = workspace.style.pointer
        let scale = raw + affine.outputs
        let shift = scale + map.channels
        affine.apply(ws + wIndex * affine.inputs, result: raw)
        for channel in 0..<map.channels {
            scale[channel] = channel < channels ? raw[channel] + 1 : 0
            shift[channel] = channel < channels ? raw[channels + channel] : 0
        }
        return (UnsafePointer(scale), UnsafePointer(shift))
    }

    /// Elements that `style` needs.
    var styleCount: Int { affine.outputs + 2 * map.channels }

    private static func filled(_ value: Float, _ count: Int) -> Tensor {
        Tensor(shape: [count]) { $0.initialize(repeating: value) }
    }

    private static func lowPass() throws -> ResampleFilter {
        try ResampleFilter(ResampleFilter.usualTensor, name: "blur")
    }
}
