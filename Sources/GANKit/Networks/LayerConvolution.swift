// SPDX-License-Identifier: Apache-2.0

/// The convolution of a synthesis layer in the form that measured fastest for its size.
enum LayerConvolution: Sendable {
    case direct(DirectConvolution3x3)
    case winograd(WinogradConvolution3x3)
    case directUpsampling(DirectUpsampling3x3, UpsamplingLowPass)
    case winogradUpsampling(WinogradUpsampling3x3, UpsamplingLowPass)

    /// The smallest maps (of the input) that go through Winograd's transforms; below, the weights are the bottleneck.
    private static let smallestWinograd = 16

    /// Stride 1.
    ///
    /// - Parameter weight: [O, I, 3, 3]
    init(weight: Tensor, resolution: Int, loop: ParallelLoop) {
        if resolution >= Self.smallestWinograd {
            self = .winograd(WinogradConvolution3x3(weight: weight, height: resolution, width: resolution, loop: loop))
        } else {
            self = .direct(DirectConvolution3x3(weight: weight, height: resolution, width: resolution, loop: loop))
        }
    }

    /// Twice the size of the input.
    ///
    /// - Parameters:
    ///   - weight: [O, I, 3, 3]
    ///   - resolution: of the input
    init(weight: Tensor, filter: ResampleFilter, upsampling resolution: Int, loop: ParallelLoop) {
        if resolution >= Self.smallestWinograd {
            let convolution = WinogradUpsampling3x3(
                weight: weight, height: resolution, width: resolution, loop: loop)
            self = .winogradUpsampling(
                convolution, UpsamplingLowPass(intermediate: convolution.intermediate, filter: filter))
        } else {
            let convolution = DirectUpsampling3x3(
                weight: weight, height: resolution, width: resolution, loop: loop)
            self = .directUpsampling(
                convolution, UpsamplingLowPass(intermediate: convolution.intermediate, filter: filter))
        }
    }

    /// The layout of the input.
    var input: ActivationMap {
        switch self {
        case .direct(let convolution): convolution.input
        case .winograd(let convolution): convolution.input
        case .directUpsampling(let convolution, _): convolution.input
        case .winogradUpsampling(let convolution, _): convolution.input
        }
    }

    /// The layout of the output.
    var output: ActivationMap {
        switch self {
        case .direct(let convolution): convolution.output
        case .winograd(let convolution): convolution.output
        case .directUpsampling(_, let lowPass), .winogradUpsampling(_, let lowPass): lowPass.output
        }
    }

    /// The elements of `Workspace.intermediate` that the layer needs.
    var intermediateCount: Int {
        switch self {
        case .direct, .winograd: 0
        case .directUpsampling(let convolution, _): convolution.intermediate.count
        case .winogradUpsampling(let convolution, _): convolution.intermediate.count
        }
    }

    /// The elements of `Workspace.scratch` that the layer needs.
    func scratchCount(threads: Int) -> Int {
        switch self {
        case .direct(let convolution): convolution.scratchCount
        case .winograd(let convolution): convolution.scratchCount(threads: threads)
        case .directUpsampling(let convolution, _): convolution.scratchCount
        case .winogradUpsampling(let convolution, _): convolution.scratchCount(threads: threads)
        }
    }

    /// Convolves one image and finishes each value with `epilogue`.
    ///
    /// - Parameters:
    ///   - x: an `input` map
    ///   - styles: factors of the input channels, [I']
    ///   - y: an `output` map, overwritten with its rim
    func apply(
        x: UnsafePointer<Float>, styles: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
        epilogue: ActivationEpilogue, workspace: Workspace
    ) {
        let scratch = workspace.scratch.pointer
        let loop = workspace.loop
        output.clearRim(y)
        switch self {
        case .direct(let convolution):
            convolution.apply(x: x, styles: styles, y: y, epilogue: epilogue, scratch: scratch, loop: loop)
        case .winograd(let convolution):
            convolution.apply(x: x, styles: styles, y: y, epilogue: epilogue, scratch: scratch, loop: loop)
        case .directUpsampling(let convolution, let lowPass):
            let t = workspace.intermediate.pointer
            convolution.intermediate.clearRim(t)
            convolution.apply(x: x, styles: styles, t: t, scratch: scratch, loop: loop)
            lowPass.apply(t: t, y: y, epilogue: epilogue, loop: loop)
        case .winogradUpsampling(let convolution, let lowPass):
            let t = workspace.intermediate.pointer
            convolution.intermediate.clearRim(t)
            convolution.apply(x: x, styles: styles, t: t, scratch: scratch, loop: loop)
            lowPass.apply(t: t, y: y, epilogue: epilogue, loop: loop)
        }
    }
}
