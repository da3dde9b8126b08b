// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct ModulatedConv2DTests {
    @Test func demodulationIsTheInverseNormOfTheScaledWeights() throws {
        let weight = try Tensor(shape: [2, 1, 1, 2], elements: [3, 4, 0, 0])
        var result: [Float] = [0, 0]
        ModulatedConv2D(weight: weight, loop: ParallelLoop(threads: 1))
            .demodulation(styles: [2], gain: 3, result: &result)
        // 3 / sqrt((3 * 2)^2 + (4 * 2)^2) and 3 / sqrt(1e-8)
        #expect(abs(result[0] - 0.3) < 1e-6)
        #expect(abs(result[1] - 3e4) < 1)
    }
}
