// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct Convolution3x3Tests {
    @Test(arguments: ConvolutionCase.table)
    func equalsItsSlowTwin(_ testCase: ConvolutionCase) throws {
        let (x, weight, styles) = try testCase.data()
        let expected = ReferenceOperations.convolution3x3(x, weight: weight, styles: styles)
        let actual = Self.run(x, weight: weight, styles: styles, threads: 2)
        #expect(PictureComparison.largestDifference(actual, expected.elements) < 1e-4)
    }

    @Test(arguments: ConvolutionCase.table)
    func bitsDoNotDependOnThreads(_ testCase: ConvolutionCase) throws {
        let (x, weight, styles) = try testCase.data()
        let alone = Self.run(x, weight: weight, styles: styles, threads: 1)
        for threads in [2, 4] {
            #expect(Self.run(x, weight: weight, styles: styles, threads: threads) == alone)
        }
    }

    @Test func finishMeetsEachOutputOnce() throws {
        let (x, weight, styles) = try ConvolutionCase.table[4].data()
        let plain = Self.run(x, weight: weight, styles: styles, threads: 1)
        let incremented = Self.run(x, weight: weight, styles: styles, threads: 1) { row, channel, start, count in
            for index in 0..<count { row[index] += Float(channel * 1000 + start + index) }
        }
        let pixels = x.height * x.width
        let expected = plain.indices.map { plain[$0] + Float($0 / pixels * 1000 + $0 % pixels) }
        #expect(incremented == expected)
    }

    static func run(
        _ x: ReferenceOperations.Planes, weight: Tensor, styles: [Float], threads: Int,
        finish: (UnsafeMutablePointer<Float>, Int, Int, Int) -> Void = { _, _, _, _ in }
    ) -> [Float] {
        let convolution = Convolution3x3(weight: weight, height: x.height, width: x.width)
        let y = FloatBuffer(count: weight.shape[0] * x.height * x.width)
        let scratch = (0..<threads).map { _ in FloatBuffer(count: convolution.scratchCount) }
        convolution.apply(
            x: x.elements, styles: styles, y: y.pointer, scratch: scratch, loop: ParallelLoop(threads: threads),
            finish: finish)
        return Array(UnsafeBufferPointer(start: y.pointer, count: y.count))
    }
}
