// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

/// A size of convolution with random input, weights and styles.
struct ConvolutionCase: CustomTestStringConvertible {
    let inputs: Int
    let outputs: Int
    let height: Int
    let width: Int
    let reason: String

    var testDescription: String { "\(inputs) to \(outputs) channels at \(height)x\(width): \(reason)" }

    func data() throws -> (x: ReferenceOperations.Planes, weight: Tensor, styles: [Float]) {
        var random = RandomFloats(seed: UInt64(inputs + 1000 * outputs + width))
        let x = ReferenceOperations.Planes(
            channels: inputs, height: height, width: width, elements: random.next(inputs * height * width))
        let weight = try Tensor(shape: [outputs, inputs, 3, 3], elements: random.next(outputs * inputs * 9))
        return (x, weight, random.next(inputs))
    }

    /// Heights and widths are multiples of 4, as those of every StyleGAN2 layer.
    static let table = [
        ConvolutionCase(inputs: 3, outputs: 5, height: 4, width: 4, reason: "the smallest map, channels filled up"),
        ConvolutionCase(inputs: 16, outputs: 64, height: 8, width: 8, reason: "output channels in several panels"),
        ConvolutionCase(inputs: 1, outputs: 1, height: 16, width: 16, reason: "a single channel"),
        ConvolutionCase(inputs: 33, outputs: 18, height: 32, width: 32, reason: "sizes that no block divides"),
        ConvolutionCase(inputs: 32, outputs: 48, height: 8, width: 24, reason: "wider than high, an odd panel"),
        ConvolutionCase(inputs: 4, outputs: 4, height: 128, width: 128, reason: "several blocks of tiles"),
        ConvolutionCase(inputs: 20, outputs: 10, height: 36, width: 64, reason: "one row of tiles after whole bands"),
        ConvolutionCase(inputs: 200, outputs: 200, height: 16, width: 16, reason: "weights that threads share"),
    ]
}
