// SPDX-License-Identifier: Apache-2.0

/// A block of a discriminator, from one resolution to half of it.
///
/// Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020, section 4.1: in the residual architecture the
/// sum of two convolutions and a skip; in the skip architecture two convolutions, before which the picture of that resolution
/// is taken in; in the original one two convolutions.
struct DiscriminatorBlock: Sendable {
    let resolution: Int
    /// In the first block, and in each of the skip architecture.
    let fromRGB: FromRGBLayer?
    let conv0: LayerConvolution
    let conv1: DownsamplingConvolution3x3
    let skip: DiscriminatorSkip?
    private let finish0: DiscriminatorConvolution
    private let finish1: DiscriminatorConvolution
    /// Factors of conv0's inputs, of which a discriminator has none, [I'].
    private let ones: Tensor

    init(
        _ parameters: ParameterMap, configuration: DiscriminatorConfiguration, resolution: Int, loop: ParallelLoop
    ) throws {
        let prefix = "b\(resolution)"
        let inputs = configuration.channels[resolution] ?? 0
        let outputs = configuration.channels[resolution / 2] ?? 0
        let isResidual = configuration.architecture == .resnet
        self.resolution = resolution
        fromRGB =
            try resolution == configuration.imgResolution || configuration.architecture == .skip
            ? FromRGBLayer(
                "\(prefix).fromrgb", in: parameters, imgChannels: configuration.imgChannels, outputs: inputs,
                resolution: resolution, loop: loop)
            : nil
        let filterName = "\(prefix).conv1.resample_filter"
        let filter = try ResampleFilter(parameters.anyTensor(filterName), name: filterName)
        guard filter.size <= DownsamplingConvolution3x3.largestFilter else {
            throw CheckpointError.unsupported(
                detail: "tensor \(filterName.quoted): a filter of \(filter.size) taps is not supported here, only "
                    + "up to \(DownsamplingConvolution3x3.largestFilter)")
        }
        let middle = try parameters.shape("\(prefix).conv0.weight", [nil, inputs, 3, 3])[0]
        finish0 = try DiscriminatorConvolution(
            "\(prefix).conv0", in: parameters, inputs: inputs, outputs: middle, kernel: 3)
        finish1 = try DiscriminatorConvolution(
            "\(prefix).conv1", in: parameters, inputs: middle, outputs: outputs, kernel: 3,
            gain: isResidual ? SkipLayer.gain : 1)
        conv1 = DownsamplingConvolution3x3(
            weight: finish1.weight, filter: filter, resolution: resolution, loop: loop)
        conv0 = LayerConvolution(
            weight: finish0.weight, resolution: resolution, output: conv1.input, maxBatch: 1, loop: loop)
        skip =
            try isResidual
            ? DiscriminatorSkip(
                "\(prefix).skip", in: parameters, filter: filter, inputs: inputs, outputs: outputs,
                resolution: resolution, loop: loop)
            : nil
        let channels = conv0.input.channels
        ones = try Tensor(shape: [channels], elements: [Float](repeating: 1, count: channels))
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        [
            fromRGB?.scratchCount(threads: threads) ?? 0, conv0.scratchCount(threads: threads, batch: 1),
            conv1.scratchCount(threads: threads), skip?.scratchCount(threads: threads) ?? 0,
        ].max() ?? 0
    }

    /// Takes its input from `workspace.x` and leaves its output there.
    ///
    /// - Parameters:
    ///   - image: [H, W, imgChannels]
    ///   - isFirst: whether there is no input but the image
    func apply(
        image: UnsafePointer<Float>, isFirst: Bool, workspace: DiscriminatorWorkspace, loop: ParallelLoop
    ) {
        let (x, between, around) = (workspace.x.pointer, workspace.between.pointer, workspace.around.pointer)
        let scratch = workspace.scratch.pointer
        fromRGB?.apply(image: image, y: x, isAdding: !isFirst, scratch: scratch, loop: loop)
        skip?.apply(x: x, y: around, scratch: scratch, loop: loop)
        ones.withUnsafeBufferPointer { ones in
            guard let ones = ones.baseAddress else { return }
            finish0.withEpilogue { epilogue in
                conv0.apply(
                    [LayerImage(x: x, styles: ones, y: between, epilogue: epilogue)], intermediate: scratch,
                    scratch: scratch, loop: loop)
            }
        }
        finish1.withEpilogue { epilogue in
            conv1.apply(x: between, y: x, epilogue: epilogue, scratch: scratch, loop: loop)
        }
        skip?.add(around, to: x, conv1.output, loop: loop)
    }
}
