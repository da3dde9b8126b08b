// SPDX-License-Identifier: Apache-2.0

/// The layers of one resolution. The first block starts from a learned constant, the others double the resolution.
struct SynthesisBlock: Sendable {
    enum Input: Sendable {
        /// [C, 4, 4]
        case const(Tensor)
        case conv0(SynthesisLayer, ImageUpsampling)
    }

    let resolution: Int
    let input: Input
    let conv1: SynthesisLayer
    let torgb: ToRGBLayer

    /// - Parameter inputChannels: of the block before; nil for the first block
    init(
        _ parameters: ParameterMap, configuration: GeneratorConfiguration, resolution: Int,
        inputChannels: Int?, outputChannels: Int
    ) throws {
        let prefix = "synthesis.b\(resolution)"
        self.resolution = resolution
        if let inputChannels {
            let filterName = "\(prefix).resample_filter"
            let filter = try ResampleFilter(parameters.tensor(filterName, shape: [nil, nil]), name: filterName)
            let conv0 = try SynthesisLayer(
                "\(prefix).conv0", in: parameters, inputChannels: inputChannels, outputChannels: outputChannels,
                resolution: resolution, wDim: configuration.wDim, isUpsampling: true)
            input = .conv0(conv0, ImageUpsampling(filter: filter))
        } else {
            input = .const(
                try parameters.tensor("\(prefix).const", shape: [outputChannels, resolution, resolution]))
        }
        conv1 = try SynthesisLayer(
            "\(prefix).conv1", in: parameters, inputChannels: outputChannels, outputChannels: outputChannels,
            resolution: resolution, wDim: configuration.wDim, isUpsampling: false)
        torgb = try ToRGBLayer(
            "\(prefix).torgb", in: parameters, inputChannels: outputChannels, imgChannels: configuration.imgChannels,
            resolution: resolution, wDim: configuration.wDim)
    }

    /// Every layer of the block in order.
    var layers: [SynthesisLayer] {
        switch input {
        case .const: [conv1]
        case .conv0(let conv0, _): [conv0, conv1]
        }
    }
}
