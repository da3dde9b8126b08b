// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct ResampleFilterTests {
    @Test func storedFilterIsSplitIntoItsFactor() throws {
        let filter = try SyntheticCheckpoint(recipes: ["resample_filter": .init(shape: [4, 4], seed: 0)])
            .tensor("resample_filter")
        // [1, 3, 3, 1] / 8 times 2
        #expect(try ResampleFilter(filter, name: "f").upsamplingTaps == SIMD4(0.25, 0.75, 0.75, 0.25))
    }

    @Test func shorterFiltersAreFilledUpWithZeros() throws {
        // [1, 2, 1] / 4 times 2
        let three = try Tensor(shape: [3], elements: [0.25, 0.5, 0.25])
        #expect(
            try ResampleFilter(ReferenceOperations.outerProduct(three), name: "f").upsamplingTaps
                == SIMD4(0.5, 1, 0.5, 0))
        let one = try Tensor(shape: [1, 1], elements: [1])
        #expect(try ResampleFilter(one, name: "f").upsamplingTaps == SIMD4(0, 2, 0, 0))
    }

    @Test func filterThatIsNotSeparableIsKeptWhole() throws {
        var elements = [Float](repeating: 1 / 16, count: 16)
        elements[5] += 0.01
        elements[6] -= 0.01
        let filter = try ResampleFilter(Tensor(shape: [4, 4], elements: elements), name: "f")
        #expect(filter.upsamplingTaps == nil)
        #expect(filter.taps[15 - 5] == 4 * elements[5])
    }

    @Test(arguments: [[3, 4], [4], [33], [33, 33], [2, 2, 2], []])
    func filterOfAnotherShapeIsRefused(shape: [Int]) throws {
        let count = shape.reduce(1, *)
        let filter = try Tensor(shape: shape, elements: [Float](repeating: 1 / Float(count), count: count))
        #expect(
            throws: CheckpointError.unsupported(
                detail:
                    "tensor 'f': a resampling filter of shape \(shape) is not supported, only [n, n] with n up to 32, "
                    + "and [n] from 8")
        ) { try ResampleFilter(filter, name: "f") }
    }
}
