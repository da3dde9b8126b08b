// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct ImageUpsamplingTests {
    @Test(arguments: [4, 5, 32])
    func equalsItsSlowTwin(size: Int) throws {
        var random = RandomFloats(seed: 1)
        let x = ReferenceOperations.Planes(
            channels: 3, height: size, width: size, elements: random.next(3 * size * size))
        let filter = try UpsamplingConvolution3x3Tests.filter()
        let expected = ReferenceOperations.upfirdn2d(x, filter: filter, up: 2, padding: (2, 1), gain: 4)
        let y = FloatBuffer(count: 12 * size * size)
        ImageUpsampling(filter: try ResampleFilter(filter, name: "filter")).apply(
            x: x.elements, channels: 3, height: size, width: size, y: y.pointer, loop: ParallelLoop(threads: 2))
        let actual = Array(UnsafeBufferPointer(start: y.pointer, count: y.count))
        #expect(PictureComparison.largestDifference(actual, expected.elements) < 1e-5)
    }
}
