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

    @Test func filterOfAnotherSizeIsRefused() throws {
        let filter = try Tensor(shape: [3, 3], elements: [Float](repeating: 1 / 9, count: 9))
        #expect(
            throws: CheckpointError.unsupported(
                detail: "tensor 'f': a resampling filter of shape [3, 3] is not supported, only [4, 4]")
        ) { try ResampleFilter(filter, name: "f") }
    }

    @Test func filterThatIsNotSeparableIsRefused() throws {
        var elements = [Float](repeating: 1 / 16, count: 16)
        elements[5] += 0.01
        elements[6] -= 0.01
        let filter = try Tensor(shape: [4, 4], elements: elements)
        #expect(throws: CheckpointError.self) { try ResampleFilter(filter, name: "f") }
    }
}
