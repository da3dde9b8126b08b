// SPDX-License-Identifier: Apache-2.0

/// The convolution of a synthesis layer in the form that measured fastest for its size.
enum LayerConvolution: Sendable {
    case direct(DirectConvolution3x3)
    case winograd(WinogradConvolution3x3)
    case directUpsampling(DirectUpsampling3x3, UpsamplingLowPass)
    case winogradUpsampling(WinogradUpsampling3x3, UpsamplingLowPass)
    case bandedUpsampling(UpsamplingBands, WinogradUpsampling3x3, UpsamplingLowPass)

    /// Stride 1.
    ///
    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - output: the layout of the output, if not the usual one of that size
    ///   - form: the way to compute it, if not the one of the table
    init(
        weight: Tensor, resolution: Int, output: ActivationMap? = nil, form: PlainForm? = nil, maxBatch: Int,
        loop: ParallelLoop
    ) {
        let form = form ?? ConvolutionForms.plain(resolution: resolution)
        if let tileSize = form.tileSize {
            self = .winograd(
                WinogradConvolution3x3(
                    weight: weight, height: resolution, width: resolution, output: output, tileSize: tileSize,
                    maxBatch: maxBatch, loop: loop))
        } else {
            self = .direct(
                DirectConvolution3x3(weight: weight, height: resolution, width: resolution, output: output, loop: loop))
        }
    }

    /// Twice the size of the input.
    ///
    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - resolution: of the input
    ///   - edge: what the low-pass meets outside the image
    ///   - form: the way to compute it, if not the one of the table
    init(
        weight: Tensor, filter: ResampleFilter, upsampling resolution: Int, edge: UpsamplingLowPass.Edge = .zero,
        form: UpsamplingForm? = nil, maxBatch: Int, loop: ParallelLoop
    ) {
        let form = form ?? ConvolutionForms.upsampling(resolution: resolution)
        if form == .direct {
            let convolution = DirectUpsampling3x3(
                weight: weight, filter: filter, height: resolution, width: resolution, loop: loop)
            self = .directUpsampling(
                convolution, UpsamplingLowPass(intermediate: convolution.intermediate, filter: filter, edge: edge))
            return
        }
        let convolution = WinogradUpsampling3x3(
            weight: weight, filter: filter, height: resolution, width: resolution, maxBatch: maxBatch, loop: loop)
        let lowPass = UpsamplingLowPass(intermediate: convolution.intermediate, filter: filter, edge: edge)
        if form == .bands, let bands = UpsamplingBands(convolution, lowPass) {
            self = .bandedUpsampling(bands, convolution, lowPass)
        } else {
            self = .winogradUpsampling(convolution, lowPass)
        }
    }

    /// The layout of the input.
    var input: ActivationMap {
        switch self {
        case .direct(let convolution): convolution.input
        case .winograd(let convolution): convolution.input
        case .directUpsampling(let convolution, _): convolution.input
        case .winogradUpsampling(let convolution, _), .bandedUpsampling(_, let convolution, _): convolution.input
        }
    }

    /// The layout of the output.
    var output: ActivationMap {
        switch self {
        case .direct(let convolution): convolution.output
        case .winograd(let convolution): convolution.output
        case .directUpsampling(_, let lowPass), .winogradUpsampling(_, let lowPass),
            .bandedUpsampling(_, _, let lowPass):
            lowPass.output
        }
    }

    /// The elements of intermediate memory that each image needs.
    var intermediateCount: Int {
        switch self {
        case .direct, .winograd: 0
        case .directUpsampling(let convolution, _): convolution.intermediate.count
        case .winogradUpsampling(let convolution, _), .bandedUpsampling(_, let convolution, _):
            convolution.intermediate.count
        }
    }

    /// The elements of scratch memory that the layer needs.
    func scratchCount(threads: Int, batch: Int) -> Int {
        switch self {
        case .direct(let convolution): convolution.scratchCount * batch
        case .winograd(let convolution): convolution.scratchCount(threads: threads)
        case .directUpsampling(let convolution, _): convolution.scratchCount * batch
        case .winogradUpsampling(let convolution, _): convolution.scratchCount(threads: threads)
        case .bandedUpsampling(let bands, _, _): bands.scratchCount(threads: threads)
        }
    }

    /// Whether the output can be handed over tile by tile.
    var canHandOver: Bool {
        if case .winograd = self { true } else { false }
    }

    /// Whether it can then do without its map.
    var needsNoMap: Bool {
        if case .winograd(let convolution) = self { convolution.needsNoMap } else { false }
    }

    /// Convolves images and finishes each value with its image's epilogue. The bits of an image do not depend on the
    /// others: rows of a matrix product do not mix.
    ///
    /// - Parameters:
    ///   - intermediate: `intermediateCount` elements for each image
    ///   - scratch: `scratchCount` elements
    ///   - receiver: is handed the output, if `canHandOver`; may do without the map if `needsNoMap`
    func apply(
        _ images: [LayerImage], intermediate t: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        loop: ParallelLoop, receiver: PixelReceiver? = nil
    ) {
        if receiver?.needsMap ?? true {
            for image in images {
                output.clearRim(image.y)
            }
        }
        switch self {
        case .direct(let convolution):
            convolution.apply(images, scratch: scratch, loop: loop)
        case .winograd(let convolution):
            convolution.apply(images, scratch: scratch, loop: loop, receiver: receiver)
        case .directUpsampling(let convolution, let lowPass):
            clearIntermediateRims(images.count, t, convolution.intermediate)
            convolution.apply(images, t: t, scratch: scratch, loop: loop)
            lowPass.apply(images, t: t, loop: loop)
        case .winogradUpsampling(let convolution, let lowPass):
            clearIntermediateRims(images.count, t, convolution.intermediate)
            convolution.apply(images, t: t, scratch: scratch, loop: loop)
            lowPass.apply(images, t: t, loop: loop)
        case .bandedUpsampling(let bands, let convolution, _):
            clearIntermediateRims(images.count, t, convolution.intermediate)
            bands.apply(images, t: t, scratch: scratch, loop: loop)
        }
    }

    private func clearIntermediateRims(_ count: Int, _ t: UnsafeMutablePointer<Float>, _ map: ActivationMap) {
        for index in 0..<count {
            map.clearRim(t + index * map.count)
        }
    }
}
