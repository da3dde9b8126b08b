// SPDX-License-Identifier: Apache-2.0

/// The layers of one resolution. The first block starts from a learned constant, the others double the resolution.
struct SynthesisBlock: Sendable {
    enum Input: Sendable {
        /// The constant as an activation map with its rim.
        case const(Tensor)
        case conv0(SynthesisLayer)
    }

    let resolution: Int
    let input: Input
    let conv1: SynthesisLayer
    /// The way around the convolutions, in the "resnet" architecture.
    let skip: SkipLayer?
    /// What doubles the image of the blocks before, in the "skip" architecture.
    let imageUpsampling: ImageUpsampling?
    /// In the "skip" architecture each block has one, in the others the last.
    let torgb: ToRGBLayer?

    /// - Parameters:
    ///   - inputChannels: of the block before; nil for the first block
    ///   - wIndex: of the block's first layer. A block's ToRGB shares its w with the first layer of the block after.
    init(
        _ parameters: ParameterMap, configuration: SynthesisConfiguration, resolution: Int,
        inputChannels: Int?, outputChannels: Int, wIndex: Int, maxBatch: Int, loop: ParallelLoop
    ) throws {
        let prefix = "synthesis.b\(resolution)"
        let wDim = configuration.wDim
        let architecture = configuration.architecture
        self.resolution = resolution
        if let inputChannels {
            input = .conv0(
                try SynthesisLayer(
                    "\(prefix).conv0", in: parameters, inputChannels: inputChannels, outputChannels: outputChannels,
                    resolution: resolution, wDim: wDim, wIndex: wIndex, isUpsampling: true, maxBatch: maxBatch,
                    loop: loop))
        } else {
            let const = try parameters.tensor("\(prefix).const", shape: [outputChannels, resolution, resolution])
            input = .const(Self.activationMap(of: const))
        }
        if let inputChannels, architecture == .resnet {
            skip = try SkipLayer(
                "\(prefix).skip", in: parameters, inputChannels: inputChannels, outputChannels: outputChannels,
                resolution: resolution, loop: loop)
        } else {
            skip = nil
        }
        if inputChannels != nil, architecture == .skip {
            let name = "\(prefix).resample_filter"
            imageUpsampling = ImageUpsampling(filter: try ResampleFilter(parameters.anyTensor(name), name: name))
        } else {
            imageUpsampling = nil
        }
        let conv1Index = inputChannels == nil ? wIndex : wIndex + 1
        conv1 = try SynthesisLayer(
            "\(prefix).conv1", in: parameters, inputChannels: outputChannels, outputChannels: outputChannels,
            resolution: resolution, wDim: wDim, wIndex: conv1Index, isUpsampling: false,
            gain: skip == nil ? 1 : SkipLayer.gain, maxBatch: maxBatch, loop: loop)
        if architecture == .skip || resolution == configuration.imgResolution {
            torgb = try ToRGBLayer(
                "\(prefix).torgb", in: parameters, inputChannels: outputChannels,
                imgChannels: configuration.imgChannels, resolution: resolution, wDim: wDim, wIndex: conv1Index + 1)
        } else {
            torgb = nil
        }
    }

    /// Every convolution of the block in order.
    var layers: [SynthesisLayer] {
        switch input {
        case .const: [conv1]
        case .conv0(let conv0): [conv0, conv1]
        }
    }

    /// [C, H, W] laid out as an `ActivationMap`.
    private static func activationMap(of tensor: Tensor) -> Tensor {
        let (channels, height, width) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
        let map = ActivationMap(height: height, width: width, channels: channels)
        return Tensor(shape: [map.count]) { elements in
            elements.update(repeating: 0)
            tensor.withUnsafeBufferPointer { source in
                for row in 0..<height {
                    for column in 0..<width {
                        for channel in 0..<channels {
                            elements[map.offset(row: row, column: column) + channel] =
                                source[(channel * height + row) * width + column]
                        }
                    }
                }
            }
        }
    }
}
