// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct ImageUpsamplingTests {
    @Test(arguments: [4, 5, 32])
    func equalsItsSlowTwin(size: Int) throws {
        try Self.expectEqualsSlowTwin(size: size, filter: Upsampling3x3Tests.filter(), padding: (2, 1))
    }

    @Test(arguments: FilterCase.table)
    func equalsItsSlowTwinWithAnyFilter(_ filterCase: FilterCase) throws {
        // upsample2d of the official implementation: (n + 1) / 2 zeros before.
        let before = (filterCase.size + 1) / 2
        try Self.expectEqualsSlowTwin(
            size: 9, filter: filterCase.filter(), padding: (before, filterCase.size - 1 - before))
    }

    static func expectEqualsSlowTwin(size: Int, filter: Tensor, padding: (before: Int, after: Int)) throws {
        var random = RandomFloats(seed: 1)
        let x = ReferenceOperations.Planes(
            channels: 3, height: size, width: size, elements: random.next(3 * size * size))
        let square = filter.shape.count == 1 ? ReferenceOperations.outerProduct(filter) : filter
        let expected = ReferenceOperations.upfirdn2d(x, filter: square, up: 2, padding: padding, gain: 4)
        let y = FloatBuffer(count: 12 * size * size)
        ImageUpsampling(filter: try ResampleFilter(filter, name: "filter")).apply(
            x: x.elements, channels: 3, height: size, width: size, y: y.pointer, loop: ParallelLoop(threads: 2))
        let actual = Array(UnsafeBufferPointer(start: y.pointer, count: y.count))
        #expect(PictureComparison.largestDifference(actual, expected.elements) < 1e-5)
    }
}
