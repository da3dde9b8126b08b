// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct TransposedConvolutionTests {
    /// Input channels, output channels, height, width, filter, stride, padding.
    static let shapes = [
        (3, 5, 4, 4, 4, 2, 1),  // PyTorch's DCGAN
        (20, 17, 5, 3, 5, 2, 1),  // TensorFlow's "SAME", whose cut is wider behind
        (4, 4, 3, 4, 5, 2, 2),
        (16, 3, 9, 7, 5, 1, 2),
        (2, 33, 1, 1, 4, 4, 0),
        (1, 1, 3, 3, 3, 3, 1),
        (5, 6, 60, 2, 3, 1, 1),  // several blocks of rows
    ]

    @Test(arguments: shapes, [1, 3])
    func equalsItsTwin(shape: (Int, Int, Int, Int, Int, Int, Int), threads: Int) throws {
        let (inputs, outputs, height, width, size, stride, padding) = shape
        var random = RandomFloats(seed: 7)
        let weight = try Tensor(
            shape: [inputs, outputs, size, size], elements: random.next(inputs * outputs * size * size))
        let x = ReferenceOperations.Planes(
            channels: inputs, height: height, width: width, elements: random.next(inputs * height * width))
        let bias = random.next(outputs)
        let expected = ReferenceOperations.transposedConvolution(x, weight: weight, stride: stride, padding: padding)

        let loop = ParallelLoop(threads: threads)
        let layer = TransposedConvolution(
            weight: weight, height: height, width: width, stride: stride, padding: padding, loop: loop)
        var input = [Float](repeating: 0, count: height * width * layer.inputs)
        for index in input.indices where index % layer.inputs < inputs {
            let (pixel, channel) = index.quotientAndRemainder(dividingBy: layer.inputs)
            input[index] = x[channel, pixel / width, pixel % width]
        }
        let padded = bias + [Float](repeating: 0, count: layer.outputs - outputs)
        let output = FloatBuffer(count: height * width * stride * stride * layer.outputs)
        let scratch = FloatBuffer(count: layer.scratchCount(threads: threads))
        layer.apply(
            x: input, y: output.pointer, bias: padded, slope: 0.2, scratch: scratch.pointer, loop: loop)
        for row in 0..<expected.height {
            for column in 0..<expected.width {
                for channel in 0..<outputs {
                    let sum = expected[channel, row, column] + bias[channel]
                    let actual = output.pointer[(row * expected.width + column) * layer.outputs + channel]
                    #expect(abs(actual - (sum < 0 ? sum * 0.2 : sum)) <= 1e-4, "\(channel), \(row), \(column)")
                }
            }
        }
    }
}
