// SPDX-License-Identifier: Apache-2.0

/// What makes numbers of the last map of 4x4 pixels: minibatch standard deviation, a convolution and two fully connected
/// layers.
struct DiscriminatorEpilogue: Sendable {
    private static let side = 4
    /// What the standard deviation over a batch of one picture is: `sqrt(0 + 1e-8)`.
    private static let deviation = Float(1e-8).squareRoot()

    /// Channels of the input.
    private let channels: Int
    private let input: ActivationMap
    private let fromRGB: FromRGBLayer?
    private let conv: DirectConvolution3x3
    private let finish: DiscriminatorConvolution
    /// Factors of the convolution's inputs, of which there are none, [I'].
    private let ones: Tensor
    private let fullyConnected: FullyConnectedLayer
    private let out: FullyConnectedLayer

    init(_ parameters: ParameterMap, configuration: DiscriminatorConfiguration, loop: ParallelLoop) throws {
        let inputs = configuration.channels[Self.side] ?? 0
        channels = inputs
        input = ActivationMap(height: Self.side, width: Self.side, channels: inputs)
        // The epilogue's own has no bound in the official implementation.
        fromRGB =
            try configuration.architecture == .skip
            ? FromRGBLayer(
                "b4.fromrgb", in: parameters, imgChannels: configuration.imgChannels, outputs: inputs,
                resolution: Self.side, isClamped: false, loop: loop)
            : nil
        let shape = try parameters.shape("b4.conv.weight", [nil, nil, 3, 3])
        guard shape[1] >= inputs else {
            throw CheckpointError.unexpectedShape(name: "b4.conv.weight", expected: [nil, inputs, 3, 3], actual: shape)
        }
        finish = try DiscriminatorConvolution(
            "b4.conv", in: parameters, inputs: shape[1], outputs: shape[0], kernel: 3)
        conv = DirectConvolution3x3(weight: finish.weight, height: Self.side, width: Self.side, loop: loop)
        ones = try Tensor(
            shape: [conv.input.channels], elements: [Float](repeating: 1, count: conv.input.channels))
        fullyConnected = try FullyConnectedLayer(
            "b4.fc", in: parameters, inputs: shape[0] * Self.side * Self.side, activation: .leakyReLU)
        out = try FullyConnectedLayer("b4.out", in: parameters, inputs: fullyConnected.outputs)
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        max(conv.input.count + conv.output.count + conv.scratchCount, fromRGB?.scratchCount(threads: threads) ?? 0)
    }

    /// Takes its input from `workspace.x`.
    ///
    /// - Parameter image: [4, 4, imgChannels]
    /// - Returns: one number, or of a conditional network those that are projected onto the class
    func apply(image: UnsafePointer<Float>, isFirst: Bool, workspace: DiscriminatorWorkspace) -> [Float] {
        let loop = ParallelLoop(threads: 1)
        let (x, scratch) = (workspace.x.pointer, workspace.scratch.pointer)
        fromRGB?.apply(image: image, y: x, isAdding: !isFirst, scratch: scratch, loop: loop)
        let (joined, convolved) = (scratch, scratch + conv.input.count)
        join(x, to: joined)
        ones.withUnsafeBufferPointer { ones in
            guard let ones = ones.baseAddress else { return }
            finish.withEpilogue { epilogue in
                conv.apply(
                    [LayerImage(x: joined, styles: ones, y: convolved, epilogue: epilogue)],
                    scratch: convolved + conv.output.count, loop: loop)
            }
        }
        return out(fullyConnected(flattened(convolved)))
    }

    /// Puts the channels of the standard deviation after those of the input.
    private func join(_ x: UnsafePointer<Float>, to joined: UnsafeMutablePointer<Float>) {
        let inputs = finish.weight.shape[1]
        joined.update(repeating: 0, count: conv.input.count)
        for pixel in 0..<Self.side * Self.side {
            let source = x + input.offset(row: pixel / Self.side, column: pixel % Self.side)
            let target = joined + conv.input.offset(row: pixel / Self.side, column: pixel % Self.side)
            target.update(from: source, count: channels)
            (target + channels).update(repeating: Self.deviation, count: inputs - channels)
        }
    }

    /// The pixels of each channel in turn, [O * 16].
    private func flattened(_ y: UnsafePointer<Float>) -> [Float] {
        (0..<finish.weight.shape[0] * Self.side * Self.side).map { index in
            let (channel, pixel) = index.quotientAndRemainder(dividingBy: Self.side * Self.side)
            return y[conv.output.offset(row: pixel / Self.side, column: pixel % Self.side) + channel]
        }
    }
}
