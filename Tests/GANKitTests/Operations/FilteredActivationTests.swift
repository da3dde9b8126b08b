// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct FilteredActivationTests {
    struct Case: CustomTestStringConvertible {
        let size: Int
        let up: Int
        let upTaps: Int
        let down: Int
        let downTaps: Int
        var isRadial = false
        /// Zeros before; pixels to cut off if negative.
        let padding: Int
        let outSize: Int
        let reason: String
        var testDescription: String { reason }

        static let table = [
            Case(
                size: 38, up: 2, upTaps: 12, down: 2, downTaps: 12, padding: 9, outSize: 36, reason: "configuration T"),
            Case(
                size: 20, up: 4, upTaps: 24, down: 2, downTaps: 12, padding: -6, outSize: 26,
                reason: "up by 4, and cut off"),
            Case(
                size: 36, up: 2, upTaps: 12, down: 2, downTaps: 12, isRadial: true, padding: 11, outSize: 36,
                reason: "configuration R"),
            Case(
                size: 70, up: 2, upTaps: 12, down: 2, downTaps: 12, padding: -11, outSize: 50, reason: "crop at the end"
            ),
            Case(
                size: 72, up: 2, upTaps: 11, down: 2, downTaps: 7, padding: 5, outSize: 71,
                reason: "two strips, odd numbers of taps"),
            Case(size: 9, up: 3, upTaps: 7, down: 1, downTaps: 3, padding: 2, outSize: 24, reason: "unequal factors"),
            Case(
                size: 9, up: 1, upTaps: 1, down: 3, downTaps: 5, isRadial: true, padding: 3, outSize: 3,
                reason: "down only"),
        ]
    }

    @Test(arguments: Case.table, [Float.infinity, 0.6])
    func equalsItsSlowTwin(_ testCase: Case, clamp: Float) throws {
        let channels = 17
        var random = RandomFloats(seed: 9)
        let x = ReferenceOperations.Planes(
            channels: channels, height: testCase.size, width: testCase.size,
            elements: random.next(channels * testCase.size * testCase.size))
        let upFilter = try Tensor(shape: [testCase.upTaps], elements: random.next(testCase.upTaps))
        let downShape = testCase.isRadial ? [testCase.downTaps, testCase.downTaps] : [testCase.downTaps]
        let downFilter = try Tensor(shape: downShape, elements: random.next(downShape.reduce(1, *)))
        let between = (testCase.outSize - 1) * testCase.down + testCase.downTaps
        let after = between + testCase.upTaps - 1 - testCase.size * testCase.up - testCase.padding
        let expected = ReferenceOperations.filteredActivation(
            x, upFilter: ReferenceOperations.outerProduct(upFilter), up: testCase.up,
            downFilter: testCase.isRadial ? downFilter : ReferenceOperations.outerProduct(downFilter),
            down: testCase.down, padding: (testCase.padding, after), slope: 0.3, gain: 1.5, clamp: clamp)
        #expect([expected.height, expected.width] == [testCase.outSize, testCase.outSize])
        let largest = expected.elements.reduce(0) { max($0, abs($1)) }

        let output = ActivationMap(
            height: testCase.outSize, width: testCase.outSize, channels: channels, rimBefore: 2, rimAfter: 5)
        let activation = FilteredActivation(
            inputSize: testCase.size, output: output, upFilter: upFilter, up: testCase.up, downFilter: downFilter,
            down: testCase.down, padding: testCase.padding,
            nonlinearity: .init(slope: 0.3, gain: 1.5, clamp: clamp))
        var results: [[Float]] = []
        for threads in [1, 2, 3] {
            let input = FloatBuffer(zeros: activation.input.count)
            for channel in 0..<channels {
                for row in 0..<x.height {
                    for column in 0..<x.width {
                        input.pointer[activation.input.offset(row: row, column: column) + channel] =
                            x[channel, row, column]
                    }
                }
            }
            let y = LayerRun.poisoned(output.count)
            LayerRun.withScratch(activation.scratchCount(threads: threads)) {
                activation.apply(x: input.pointer, y: y.pointer, scratch: $0, loop: ParallelLoop(threads: threads))
            }
            results.append(LayerRun.planes(y, output, channels: channels).elements)
        }
        #expect(PictureComparison.largestDifference(results[0], expected.elements) < 2e-6 * max(largest, 1))
        #expect(results[1] == results[0] && results[2] == results[0], "bits do not depend on threads")
    }

    @Test func upsamplingTapsMeetThePixels() {
        // Two of four taps meet pixels: z = [a, 0, b, 0, ...], one zero before.
        let taps = UpsamplingTaps(filter: [1, 2, 3, 4], up: 2, padding: 1, gain: 10)
        #expect(taps.count == 2)
        #expect((0..<4).map { taps.firstPixel($0) } == [0, 0, 1, 1])
        func taken(_ output: Int) -> [Float] {
            var taken: [Float] = []
            taps.withTaps(output: output) { taken = [$0[0], $0[1]] }
            return taken
        }
        // The filter is met in reverse, times 2 for the zeros and 10.
        #expect(taken(0) == [60, 20])
        #expect(taken(1) == [80, 40])
    }
}
