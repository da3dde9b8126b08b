// SPDX-License-Identifier: Apache-2.0

import GANKernels
import TestSupport
import Testing

@testable import GANKit

struct DownsamplingConvolution3x3Tests {
    /// Filters of sum 1, the second of which would show taps in the wrong order.
    static let filters: [(name: String, taps: [Float])] = [
        ("[1, 3, 3, 1]", [0.125, 0.375, 0.375, 0.125]), ("lopsided", [0.4, 0.3, 0.2, 0.1]),
        ("[1, 2, 1]", [0.25, 0.5, 0.25]), ("lopsided, of two", [0.7, 0.3]), ("none", [1]),
    ]

    @Test(arguments: filters, [(inputs: 3, outputs: 5, size: 8, threads: 1), (17, 33, 8, 2), (4, 16, 20, 3)])
    func equalsItsDefinition(
        filter: (name: String, taps: [Float]), size: (inputs: Int, outputs: Int, size: Int, threads: Int)
    ) throws {
        let taps = filter.taps.count
        let kernel = filter.taps.flatMap { row in filter.taps.map { row * $0 } }
        let resample = try ResampleFilter(Tensor(shape: [taps, taps], elements: kernel), name: "f")
        var random = RandomFloats(seed: 11)
        let weight = random.next(size.outputs * size.inputs * 9)
        let x = random.next(size.inputs * size.size * size.size)
        let loop = ParallelLoop(threads: size.threads)
        let convolution = DownsamplingConvolution3x3(
            weight: try Tensor(shape: [size.outputs, size.inputs, 3, 3], elements: weight), filter: resample,
            resolution: size.size, loop: loop)
        let input = FloatBuffer(zeros: convolution.input.count)
        for index in x.indices {
            let (channel, pixel) = index.quotientAndRemainder(dividingBy: size.size * size.size)
            let offset = convolution.input.offset(row: pixel / size.size, column: pixel % size.size)
            input.pointer[offset + channel] = x[index]
        }
        let output = FloatBuffer(count: convolution.output.count)
        output.pointer.initialize(repeating: .nan, count: output.count)
        let scratch = FloatBuffer(count: convolution.scratchCount(threads: size.threads))
        scratch.pointer.initialize(repeating: .nan, count: scratch.count)
        let channels = convolution.output.channels
        // No activation.
        let scale = FloatBuffer(count: channels)
        scale.pointer.initialize(repeating: 1, count: channels)
        let bias = FloatBuffer(zeros: channels)
        convolution.apply(
            x: input.pointer, y: output.pointer,
            epilogue: ActivationEpilogue(
                scale: scale.pointer, bias: bias.pointer, noise: nil, noiseStrength: 0, clamp: .infinity, slope: 1),
            scratch: scratch.pointer, loop: loop)
        withExtendedLifetime((scale, bias)) {}
        let expected = Self.definition(
            x: x, weight: weight, inputs: size.inputs, outputs: size.outputs, size: size.size, taps: filter.taps)
        let half = size.size / 2
        for index in expected.indices {
            let (channel, pixel) = index.quotientAndRemainder(dividingBy: half * half)
            let value = output.pointer[
                convolution.output.offset(row: pixel / half, column: pixel % half) + channel]
            #expect(abs(value - Float(expected[index])) < 1e-4, "\(filter.name), output \(index)")
        }
        #expect((0..<output.count).allSatisfy { !output.pointer[$0].isNaN })
    }

    /// Zeros around, the low-pass as a convolution, then every other output of the 3x3 correlation, in double precision.
    static func definition(
        x: [Float], weight: [Float], inputs: Int, outputs: Int, size: Int, taps: [Float]
    ) -> [Double] {
        let padding = 1 + (taps.count - 1) / 2
        func pixel(_ channel: Int, _ row: Int, _ column: Int) -> Double {
            guard (0..<size).contains(row), (0..<size).contains(column) else { return 0 }
            return Double(x[(channel * size + row) * size + column])
        }
        func lowPassed(_ channel: Int, _ row: Int, _ column: Int) -> Double {
            var sum = 0.0
            for a in taps.indices {
                for b in taps.indices {
                    sum +=
                        Double(taps[taps.count - 1 - a]) * Double(taps[taps.count - 1 - b])
                        * pixel(channel, row + a - padding, column + b - padding)
                }
            }
            return sum
        }
        let blurred = (0..<inputs * (size + 1) * (size + 1)).map { index in
            let (channel, rest) = index.quotientAndRemainder(dividingBy: (size + 1) * (size + 1))
            return lowPassed(channel, rest / (size + 1), rest % (size + 1))
        }
        let half = size / 2
        return (0..<outputs * half * half).map { index in
            let (output, rest) = index.quotientAndRemainder(dividingBy: half * half)
            let (row, column) = (rest / half, rest % half)
            var sum = 0.0
            for input in 0..<inputs {
                for place in 0..<9 {
                    let source = (input * (size + 1) + 2 * row + place / 3) * (size + 1) + 2 * column + place % 3
                    sum += Double(weight[(output * inputs + input) * 9 + place]) * blurred[source]
                }
            }
            return sum
        }
    }
}
