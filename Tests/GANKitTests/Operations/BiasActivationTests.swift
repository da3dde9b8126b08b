// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct BiasActivationTests {
    @Test(arguments: [nil, Float(0.5)], [false, true])
    func equalsItsSlowTwin(clamp: Float?, hasNoise: Bool) throws {
        var random = RandomFloats(seed: 7)
        // 21 is two vectors and a rest.
        let x = random.next(21)
        let noise = random.next(21)
        let activation = BiasActivation(bias: try Tensor(shape: [3], elements: [9, 0.1, -9]), clamp: clamp)
        var row = x
        activation.apply(
            to: &row, count: row.count, channel: 1, scale: 1.5, noise: hasNoise ? noise : nil, noiseStrength: 0.3)
        let expected = x.indices.map {
            ReferenceOperations.biasActivation(
                x[$0], scale: 1.5, bias: 0.1, noise: hasNoise ? noise[$0] : 0, noiseStrength: 0.3, clamp: clamp)
        }
        #expect(PictureComparison.largestDifference(row, expected) < 1e-6)
        #expect(clamp == nil || row.contains(0.5), "the clamp has something to clamp")
    }
}
