// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct SkipLayerTests {
    /// The layer's tensors.
    struct Layer: CheckpointReader {
        let tensors: [String: Tensor]
        let formatName = "test"
        let metadata = CheckpointMetadata()
        var tensorNames: [String] { tensors.keys.sorted() }
        func shape(of name: String) -> [Int]? { tensors[name]?.shape }
        func tensor(_ name: String) throws -> Tensor {
            guard let tensor = tensors[name] else { throw CheckpointError.missingTensor(name: name) }
            return tensor
        }
    }

    @Test(arguments: FilterCase.table)
    func equalsItsSlowTwin(_ filterCase: FilterCase) throws {
        let (inputs, outputs, size) = (19, 34, 7)
        var random = RandomFloats(seed: 5)
        let x = ReferenceOperations.Planes(
            channels: inputs, height: size, width: size, elements: random.next(inputs * size * size))
        let weight = try Tensor(shape: [outputs, inputs, 1, 1], elements: random.next(outputs * inputs))
        let filter = try filterCase.filter()
        let loop = ParallelLoop(threads: 2)
        let layer = try SkipLayer(
            "skip",
            in: ParameterMap(reader: Layer(tensors: ["skip.weight": weight, "skip.resample_filter": filter])),
            inputChannels: inputs, outputChannels: outputs, resolution: 2 * size, loop: loop)

        let before = (filterCase.size + 1) / 2
        // 1 / sqrt(I) is the gain of equalised learning rate, sqrt(1/2) that of both ways of a residual block.
        let gain = (1 / Float(2 * inputs)).squareRoot()
        let square = filter.shape.count == 1 ? ReferenceOperations.outerProduct(filter) : filter
        let expected = ReferenceOperations.upfirdn2d(
            ReferenceOperations.convolution2d(
                x, weight: weight, styles: [Float](repeating: gain, count: inputs), padding: 0),
            filter: square, up: 2, padding: (before, filterCase.size - 1 - before), gain: 4)

        let t = LayerRun.poisoned(layer.intermediate.count)
        let y = FloatBuffer(count: layer.output.count)
        y.pointer.initialize(repeating: 3, count: y.count)
        LayerRun.map(x).withUnsafeBufferPointer { x in
            guard let x = x.baseAddress else { return }
            layer.convolve(x: x, t: t.pointer, loop: loop)
            layer.add(t: t.pointer, to: y.pointer, loop: loop)
        }
        let actual = LayerRun.planes(y, layer.output, channels: outputs).elements.map { $0 - 3 }
        #expect(PictureComparison.largestDifference(actual, expected.elements) < 1e-5)
    }
}
