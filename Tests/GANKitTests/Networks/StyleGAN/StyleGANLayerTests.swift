// SPDX-License-Identifier: Apache-2.0

import GANKernels
import TestSupport
import Testing

@testable import GANKit

/// The fast path of StyleGAN's layers against its slow twins.
@Suite struct StyleGANLayerTests {
    /// Resolutions of the input on both sides of Winograd's smallest, and channels that fill no block.
    @Test(arguments: [(4, 3, 5), (8, 20, 17), (16, 6, 4), (32, 17, 3)], [1, 2])
    func upsamplingRepeatsConvolvesAndBlurs(size: (resolution: Int, inputs: Int, outputs: Int), threads: Int) throws {
        let (resolution, inputs, outputs) = size
        var random = RandomFloats(seed: 5)
        let weight = try Tensor(shape: [outputs, inputs, 3, 3], elements: random.next(outputs * inputs * 9))
        let x = ReferenceOperations.Planes(
            channels: inputs, height: resolution, width: resolution,
            elements: random.next(inputs * resolution * resolution))
        let expected = ReferenceOperations.blurred(
            ReferenceOperations.convolution3x3(
                ReferenceOperations.repeated(x), weight: weight, styles: [Float](repeating: 1, count: inputs)))

        let loop = ParallelLoop(threads: threads)
        let taps: [Float] = [1, 3, 3, 1]
        let filter = try ResampleFilter(
            Tensor(shape: [4, 4], elements: taps.flatMap { row in taps.map { row * $0 / 64 } }), name: "blur")
        let layer = LayerConvolution(
            weight: weight.permuted([0, 1, 2, 3], reversing: [2, 3]), filter: filter, upsampling: resolution,
            edge: .negated, maxBatch: 1, loop: loop)
        let input = FloatBuffer(zeros: layer.input.count)
        for channel in 0..<inputs {
            for row in 0..<resolution {
                for column in 0..<resolution {
                    input.pointer[layer.input.offset(row: row, column: column) + channel] = x[channel, row, column]
                }
            }
        }
        let output = FloatBuffer(count: layer.output.count)
        let intermediate = FloatBuffer(count: layer.intermediateCount)
        let scratch = FloatBuffer(count: layer.scratchCount(threads: threads, batch: 1))
        let ones = [Float](repeating: 1, count: max(layer.input.channels, layer.output.channels))
        let zeros = [Float](repeating: 0, count: layer.output.channels)
        ones.withUnsafeBufferPointer { ones in
            zeros.withUnsafeBufferPointer { zeros in
                guard let ones = ones.baseAddress, let zeros = zeros.baseAddress else { return }
                let epilogue = ActivationEpilogue(
                    scale: ones, bias: zeros, noise: nil, noiseStrength: 0, clamp: .infinity, slope: 1)
                layer.apply(
                    [LayerImage(x: input.pointer, styles: ones, y: output.pointer, epilogue: epilogue)],
                    intermediate: intermediate.pointer, scratch: scratch.pointer, loop: loop)
            }
        }
        var error: Float = 0
        for channel in 0..<outputs {
            for row in 0..<expected.height {
                for column in 0..<expected.width {
                    let actual = output.pointer[layer.output.offset(row: row, column: column) + channel]
                    error = max(error, abs(actual - expected[channel, row, column]))
                }
            }
        }
        #expect(error <= 1e-4)
    }

    @Test(arguments: [(1, 1, 1), (4, 4, 3), (7, 5, 16), (9, 33, 20)], [1, 3])
    func normalisationEqualsItsTwin(size: (height: Int, width: Int, channels: Int), threads: Int) throws {
        let (height, width, channels) = size
        var random = RandomFloats(seed: 9)
        let map = ActivationMap(height: height, width: width, channels: channels)
        let area = height * width
        // Far from 0, where a variance of two sums would lose its digits.
        let x = ReferenceOperations.Planes(
            channels: channels, height: height, width: width, elements: random.next(channels * area).map { $0 + 30 })
        let noise = random.next(area)
        let (bias, strength) = (random.next(channels), random.next(channels))
        let (scale, shift) = (random.next(channels), random.next(channels))
        func padded(_ values: [Float]) -> [Float] { values + [Float](repeating: 0, count: map.channels - channels) }
        let norm = AdaptiveInstanceNorm(
            map: map, bias: try Tensor(shape: [map.channels], elements: padded(bias)),
            noiseStrength: try Tensor(shape: [map.channels], elements: padded(strength)))
        for given in [noise, nil] {
            let expected = ReferenceOperations.adaptiveInstanceNorm(
                x, noise: given, noiseStrength: strength, bias: bias, scale: scale, shift: shift)
            let y = FloatBuffer(zeros: map.count)
            for index in x.elements.indices {
                let (channel, pixel) = index.quotientAndRemainder(dividingBy: area)
                y.pointer[map.offset(row: pixel / width, column: pixel % width) + channel] = x.elements[index]
            }
            let scratch = FloatBuffer(count: norm.scratchCount)
            noise.withUnsafeBufferPointer { noise in
                norm.apply(
                    y.pointer, noise: given == nil ? nil : noise.baseAddress, scale: padded(scale),
                    shift: padded(shift),
                    scratch: scratch.pointer, loop: ParallelLoop(threads: threads))
            }
            for index in x.elements.indices {
                let (channel, pixel) = index.quotientAndRemainder(dividingBy: area)
                let actual = y.pointer[map.offset(row: pixel / width, column: pixel % width) + channel]
                #expect(abs(actual - expected.elements[index]) <= 1e-4)
            }
        }
    }
}
