// SPDX-License-Identifier: Apache-2.0

/// A modulated 3x3 convolution with demodulation, noise, bias and leaky ReLU; doubles the resolution where `isUpsampling`.
struct SynthesisLayer: Sendable {
    private enum Convolution {
        case plain(Convolution3x3)
        case upsampling(UpsamplingConvolution3x3)
    }

    /// Of the output.
    let resolution: Int
    let inputChannels: Int
    let outputChannels: Int
    private let affine: FullyConnectedLayer
    private let modulation: ModulatedConv2D
    private let convolution: Convolution
    /// [H, W]
    private let noiseConst: Tensor
    private let noiseStrength: Float
    private let activation: BiasActivation

    /// Takes the tensors below `prefix`.
    init(
        _ prefix: String, in parameters: ParameterMap, inputChannels: Int, outputChannels: Int,
        resolution: Int, wDim: Int, isUpsampling: Bool
    ) throws {
        self.resolution = resolution
        self.inputChannels = inputChannels
        self.outputChannels = outputChannels
        affine = try FullyConnectedLayer(
            "\(prefix).affine", in: parameters, inputs: wDim, outputs: inputChannels)
        let weight = try parameters.tensor("\(prefix).weight", shape: [outputChannels, inputChannels, 3, 3])
        modulation = ModulatedConv2D(weight: weight)
        if isUpsampling {
            let filterName = "\(prefix).resample_filter"
            let filter = try ResampleFilter(parameters.tensor(filterName, shape: [nil, nil]), name: filterName)
            convolution = .upsampling(
                UpsamplingConvolution3x3(
                    weight: weight, filter: filter, height: resolution / 2, width: resolution / 2))
        } else {
            convolution = .plain(Convolution3x3(weight: weight, height: resolution, width: resolution))
        }
        noiseConst = try parameters.tensor("\(prefix).noise_const", shape: [resolution, resolution])
        noiseStrength = try parameters.tensor("\(prefix).noise_strength", shape: []).elements[0]
        activation = BiasActivation(
            bias: try parameters.tensor("\(prefix).bias", shape: [outputChannels]),
            clamp: parameters.reader.metadata.convClamp)
    }

    /// The elements of scratch memory that each thread needs.
    var scratchCount: Int {
        switch convolution {
        case .plain(let convolution): convolution.scratchCount
        case .upsampling(let convolution): convolution.scratchCount
        }
    }

    /// The elements of `Workspace.intermediate` that the layer needs.
    var intermediateCount: Int {
        switch convolution {
        case .plain: 0
        case .upsampling(let convolution): convolution.intermediateCount
        }
    }

    /// Runs the layer on one image.
    ///
    /// - Parameters:
    ///   - x: [I, H, W], or [I, H/2, W/2] where the layer up-samples
    ///   - w: [wDim]
    ///   - y: [O, H, W], overwritten
    func apply(
        x: UnsafePointer<Float>, w: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        noise: inout NoiseSource, workspace: Workspace
    ) {
        let styles = workspace.styles.pointer
        let demodulation = workspace.demodulation.pointer
        affine.apply(w, result: styles)
        modulation.demodulation(styles: styles, result: demodulation)
        // Drawn even where its strength is zero, since the layers after continue the stream.
        let noiseImage = noise.next(constant: noiseConst, buffer: workspace.noise)
        let finish = { (row: UnsafeMutablePointer<Float>, channel: Int, start: Int, count: Int) in
            activation.apply(
                to: row, count: count, channel: channel, scale: demodulation[channel],
                noise: noiseImage.map { $0 + start }, noiseStrength: noiseStrength)
        }
        switch convolution {
        case .plain(let convolution):
            convolution.apply(
                x: x, styles: styles, y: y, scratch: workspace.scratch, loop: workspace.loop, finish: finish)
        case .upsampling(let convolution):
            convolution.apply(
                x: x, styles: styles, intermediate: workspace.intermediate.pointer, y: y,
                scratch: workspace.scratch, loop: workspace.loop, finish: finish)
        }
    }
}
