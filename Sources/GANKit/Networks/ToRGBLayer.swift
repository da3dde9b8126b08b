// SPDX-License-Identifier: Apache-2.0

/// A modulated 1x1 convolution without demodulation that turns activations into image channels.
struct ToRGBLayer: Sendable {
    /// Pixels that are worked on at once: their sums stay in the nearest cache.
    private static let tilePixels = 1024

    private let inputChannels: Int
    private let imgChannels: Int
    private let pixels: Int
    private let affine: FullyConnectedLayer
    /// [imgChannels, I]
    private let weight: Tensor
    private let bias: [Float]
    private let clamp: Float

    /// Takes the tensors below `prefix`.
    init(
        _ prefix: String, in parameters: ParameterMap, inputChannels: Int, imgChannels: Int, resolution: Int, wDim: Int
    ) throws {
        self.inputChannels = inputChannels
        self.imgChannels = imgChannels
        pixels = resolution * resolution
        affine = try FullyConnectedLayer("\(prefix).affine", in: parameters, inputs: wDim, outputs: inputChannels)
        weight = try parameters.tensor("\(prefix).weight", shape: [imgChannels, inputChannels, 1, 1])
        bias = try parameters.tensor("\(prefix).bias", shape: [imgChannels]).elements
        clamp = parameters.reader.metadata.convClamp ?? .infinity
    }

    /// Adds the layer's image to `image`.
    ///
    /// - Parameters:
    ///   - x: [I, H, W]
    ///   - w: [wDim]
    ///   - image: [imgChannels, H, W]
    func apply(
        x: UnsafePointer<Float>, w: UnsafePointer<Float>, addingTo image: UnsafeMutablePointer<Float>,
        workspace: Workspace
    ) {
        let styles = workspace.styles.pointer
        affine.apply(w, result: styles, gain: 1 / Float(inputChannels).squareRoot())
        let tiles = (pixels + Self.tilePixels - 1) / Self.tilePixels
        weight.withUnsafeBufferPointer { weights in
            workspace.loop.run(tiles) { tile, _ in
                let start = tile * Self.tilePixels
                let count = min(Self.tilePixels, pixels - start)
                withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { sums in
                    guard let sums = sums.baseAddress else { return }
                    for channel in 0..<imgChannels {
                        sums.initialize(repeating: 0, count: count)
                        for input in 0..<inputChannels {
                            Self.add(
                                x + input * pixels + start, count: count,
                                scaledBy: weights[channel * inputChannels + input] * styles[input], to: sums)
                        }
                        finish(sums, count: count, channel: channel, target: image + channel * pixels + start)
                    }
                }
            }
        }
    }

    private static func add(
        _ row: UnsafePointer<Float>, count: Int, scaledBy factor: Float, to sums: UnsafeMutablePointer<Float>
    ) {
        var index = 0
        while index + 8 <= count {
            store8(load8(sums + index).addingProduct(SIMD8(repeating: factor), load8(row + index)), to: sums + index)
            index += 8
        }
        while index < count {
            sums[index].addProduct(factor, row[index])
            index += 1
        }
    }

    private func finish(
        _ sums: UnsafePointer<Float>, count: Int, channel: Int, target: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count {
            target[index] += min(max(sums[index] + bias[channel], -clamp), clamp)
        }
    }
}
