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

    static let table = [
        ConvolutionCase(inputs: 3, outputs: 5, height: 4, width: 4, reason: "the smallest map, odd channels"),
        ConvolutionCase(inputs: 16, outputs: 64, height: 8, width: 8, reason: "output channels in several blocks"),
        ConvolutionCase(inputs: 1, outputs: 1, height: 16, width: 16, reason: "a single channel"),
        ConvolutionCase(inputs: 33, outputs: 18, height: 32, width: 32, reason: "sizes that no block divides"),
        ConvolutionCase(inputs: 520, outputs: 17, height: 16, width: 16, reason: "tiles that cut rows apart"),
        ConvolutionCase(inputs: 4, outputs: 4, height: 128, width: 128, reason: "several tiles, one channel block"),
    ]
}
