// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct ModulatedConv2DTests {
    @Test func demodulationIsTheInverseNormOfTheScaledWeights() throws {
        let weight = try Tensor(shape: [2, 1, 1, 2], elements: [3, 4, 0, 0])
        var result: [Float] = [0, 0]
        ModulatedConv2D(weight: weight).demodulation(styles: [2], result: &result)
        // 1 / sqrt((3 * 2)^2 + (4 * 2)^2) and 1 / sqrt(1e-8)
        #expect(abs(result[0] - 0.1) < 1e-7)
        #expect(abs(result[1] - 1e4) < 1)
    }
}
