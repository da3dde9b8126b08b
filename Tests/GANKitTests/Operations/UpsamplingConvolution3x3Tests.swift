// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct UpsamplingConvolution3x3Tests {
    /// Not symmetric, so that a filter taken in the wrong direction shows.
    static let taps: [Float] = [0.125, 0.375, 0.4375, 0.0625]

    static func filter() throws -> Tensor {
        try Tensor(shape: [4, 4], elements: taps.flatMap { row in taps.map { $0 * row } })
    }

    @Test(arguments: ConvolutionCase.table)
    func equalsItsSlowTwin(_ testCase: ConvolutionCase) throws {
        let (x, weight, styles) = try testCase.data()
        let expected = ReferenceOperations.upfirdn2d(
            ReferenceOperations.transposedConvolution3x3(x, weight: weight, styles: styles),
            filter: try Self.filter(), up: 1, padding: (1, 1), gain: 4)
        #expect([expected.height, expected.width] == [2 * x.height, 2 * x.width])
        let actual = try Self.run(x, weight: weight, styles: styles, threads: 2)
        #expect(PictureComparison.largestDifference(actual, expected.elements) < 1e-4)
    }

    @Test(arguments: ConvolutionCase.table)
    func bitsDoNotDependOnThreads(_ testCase: ConvolutionCase) throws {
        let (x, weight, styles) = try testCase.data()
        let alone = try Self.run(x, weight: weight, styles: styles, threads: 1)
        for threads in [2, 4] {
            #expect(try Self.run(x, weight: weight, styles: styles, threads: threads) == alone)
        }
    }

    static func run(
        _ x: ReferenceOperations.Planes, weight: Tensor, styles: [Float], threads: Int
    ) throws -> [Float] {
        let convolution = UpsamplingConvolution3x3(
            weight: weight, filter: try ResampleFilter(filter(), name: "filter"), height: x.height, width: x.width)
        let y = FloatBuffer(count: weight.shape[0] * x.height * x.width * 4)
        let scratch = (0..<threads).map { _ in FloatBuffer(count: convolution.scratchCount) }
        let intermediate = FloatBuffer(count: convolution.intermediateCount)
        convolution.apply(
            x: x.elements, styles: styles, intermediate: intermediate.pointer, y: y.pointer, scratch: scratch,
            loop: ParallelLoop(threads: threads)
        ) { _, _, _, _ in }
        return Array(UnsafeBufferPointer(start: y.pointer, count: y.count))
    }
}
