// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct PointwiseConvolutionTests {
    @Test(arguments: [(1, 1, 3), (19, 33, 17), (64, 16, 20)])
    func equalsItsSlowTwin(inputs: Int, outputs: Int, size: Int) throws {
        var random = RandomFloats(seed: 8)
        let x = ReferenceOperations.Planes(
            channels: inputs, height: size, width: size, elements: random.next(inputs * size * size))
        let weight = try Tensor(shape: [outputs, inputs, 1, 1], elements: random.next(outputs * inputs))
        let styles = random.next(inputs)
        let expected = ReferenceOperations.convolution2d(x, weight: weight, styles: styles, padding: 0)
        let output = ActivationMap(height: size, width: size, channels: outputs, rimBefore: 3, rimAfter: 6)
        var results: [ReferenceOperations.Planes] = []
        for threads in [1, 2, 3] {
            let loop = ParallelLoop(threads: threads)
            let convolution = PointwiseConvolution(
                weight: weight, input: ActivationMap(height: size, width: size, channels: inputs), output: output,
                loop: loop)
            let y = LayerRun.poisoned(output.count)
            LayerRun.withImage(
                x, styles: styles, y: y, epilogue: .shift(Convolution3x3Tests.shift, channels: outputs)
            ) { image in
                LayerRun.withScratch(convolution.scratchCount(threads: threads)) {
                    convolution.apply(image, scratch: $0, loop: loop)
                }
            }
            results.append(LayerRun.planes(y, output, channels: outputs))
        }
        Convolution3x3Tests.expectEqual(results[0], expected)
        #expect(results[1] == results[0] && results[2] == results[0], "bits do not depend on threads")
    }
}
