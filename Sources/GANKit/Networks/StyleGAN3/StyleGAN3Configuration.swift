// SPDX-License-Identifier: Apache-2.0

/// The sizes of a StyleGAN3 synthesis network, checked against what this version runs before anything is allocated.
struct StyleGAN3Configuration {
    /// Resolutions that this version runs.
    static let supportedResolutions = 16...1024
    /// Heights and widths of maps, with their margins.
    private static let supportedSizes = 4...1200
    private static let supportedFactors = 1...8

    let geometry: StyleGAN3Geometry
    /// The layer that makes the image.
    let torgb: StyleGAN3Geometry.Layer
    let wDim: Int
    /// Of the input.
    let channels: Int
    let imgResolution: Int
    let imgChannels: Int
    /// One for the input and one for each layer.
    var numWs: Int { geometry.layers.count + 1 }
    /// The layers that filter.
    var filteredLayers: ArraySlice<StyleGAN3Geometry.Layer> { geometry.layers.dropLast() }

    init(_ parameters: ParameterMap) throws {
        guard let geometry = parameters.reader.metadata.styleGAN3, let last = geometry.layers.last else {
            throw CheckpointError.unsupported(
                detail: "the checkpoint does not tell the geometry of its StyleGAN3 layers")
        }
        self.geometry = geometry
        torgb = last
        imgResolution = last.outSize
        wDim = try parameters.shape("synthesis.input.affine.weight", [4, nil])[1]
        channels = try parameters.shape("synthesis.input.weight", [nil, nil])[0]
        imgChannels = try parameters.shape("synthesis.\(last.name).weight", [nil, nil, 1, 1])[0]
        try GeneratorConfiguration.check(imgChannels: imgChannels)
        guard Self.supportedResolutions.contains(imgResolution) else {
            throw CheckpointError.unsupported(
                detail: "resolution \(imgResolution) is not supported, only "
                    + "\(Self.supportedResolutions.lowerBound) to \(Self.supportedResolutions.upperBound)")
        }
        try checkInput()
        try checkChain(parameters)
    }

    private func checkInput() throws {
        guard geometry.inputSamplingRate.isFinite, geometry.inputBandwidth >= 0,
            geometry.inputSamplingRate > 2 * geometry.inputBandwidth, geometry.outputScale.isFinite
        else {
            throw CheckpointError.malformed(
                detail: "the input's sampling rate \(geometry.inputSamplingRate) is not above twice its bandwidth "
                    + "\(geometry.inputBandwidth), or the output scale \(geometry.outputScale) is no number")
        }
    }

    /// Each layer takes what the one before makes.
    private func checkChain(_ parameters: ParameterMap) throws {
        var size = geometry.inputSize
        var inputs = channels
        for (index, layer) in geometry.layers.enumerated() {
            let isLast = index == geometry.layers.count - 1
            guard layer.inSize == size, Self.supportedSizes.contains(layer.inSize),
                Self.supportedSizes.contains(layer.outSize)
            else {
                throw CheckpointError.unsupported(
                    detail: "layer \(layer.name.quoted) takes \(layer.inSize) and makes \(layer.outSize) pixels a side "
                        + "after a map of \(size); \(Self.supportedSizes.lowerBound) to "
                        + "\(Self.supportedSizes.upperBound) are supported")
            }
            guard Self.supportedFactors.contains(layer.upFactor), Self.supportedFactors.contains(layer.downFactor),
                (1...LayerFilters.maxTaps).contains(layer.upTaps), (1...LayerFilters.maxTaps).contains(layer.downTaps)
            else {
                throw CheckpointError.unsupported(
                    detail: "layer \(layer.name.quoted) up-samples by \(layer.upFactor) with \(layer.upTaps) taps and "
                        + "down-samples by \(layer.downFactor) with \(layer.downTaps); factors up to "
                        + "\(Self.supportedFactors.upperBound) and \(LayerFilters.maxTaps) taps are supported")
            }
            let name = "synthesis.\(layer.name).weight"
            let outputs = try parameters.shape(name, [nil, inputs, nil, nil])[0]
            let side = max(layer.inSize, layer.outSize)
            guard outputs <= SynthesisConfiguration.largestActivation / (side * side) else {
                throw CheckpointError.unsupported(
                    detail: "tensor \(name.quoted): \(outputs) channels at \(side)x\(side) pixels exceed the "
                        + "largest supported activation of \(SynthesisConfiguration.largestActivation) elements")
            }
            guard !isLast || layer.inSize == layer.outSize && layer.upFactor == 1 && layer.downFactor == 1 else {
                throw CheckpointError.unsupported(detail: "layer \(layer.name.quoted), the last one, filters")
            }
            size = layer.outSize
            inputs = outputs
        }
    }
}
