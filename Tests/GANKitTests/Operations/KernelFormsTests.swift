// SPDX-License-Identifier: Apache-2.0

import GANKernels
import TestSupport
import Testing

@testable import GANKit

/// Every kernel gives the same bits in every form that this machine can run, so a picture does not depend on the processor.
/// (`KernelsTests` has the matrix product.)
struct KernelFormsTests {
    private static let channels = 48
    /// A tile's surroundings: rows of 24 pixels.
    private static let grid = PixelGrid(rowStride: 24 * channels, channels: channels)

    /// Runs a kernel in each form on its own zeroed output of `count` elements and compares the outputs.
    private static func expectEqualBits(
        _ count: Int, sourceLocation: SourceLocation = #_sourceLocation,
        _ kernel: (_ output: UnsafeMutablePointer<Float>, _ form: Kernels.Form) -> Void
    ) {
        let outputs = Kernels.available.map { form in
            var output = [Float](repeating: 0, count: count)
            output.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { kernel(base, form) }
            }
            return output.map(\.bitPattern)
        }
        #expect(outputs[0].contains { $0 != 0 }, "the kernel has written something", sourceLocation: sourceLocation)
        for output in outputs.dropFirst() {
            #expect(output == outputs[0], sourceLocation: sourceLocation)
        }
    }

    private static func random(_ count: Int, seed: UInt64) -> [Float] {
        var random = RandomFloats(seed: seed)
        return random.next(count)
    }

    private static func withEpilogue(clamp: Float, _ body: (ActivationEpilogue) -> Void) {
        LayerRun.Epilogue(
            scale: random(channels, seed: 11), bias: random(channels, seed: 12), noise: random(24 * 24, seed: 13),
            noiseStrength: 0.3, clamp: clamp
        ).withPointers(body)
    }

    @Test(arguments: [2, 4, 6])
    func convolutionInput(outputs: Int) {
        let x = Self.random(24 * Self.grid.rowStride, seed: 1)
        let styles = Self.random(Self.channels, seed: 2)
        Self.expectEqualBits((outputs + 2) * (outputs + 2) * Self.channels) { output, form in
            Kernels.transformConvolutionInput(
                outputs: outputs, x: x, grid: Self.grid, styles: styles, factors: output, pointStride: Self.channels,
                form: form)
        }
    }

    @Test(arguments: [2, 4, 6], [Float.infinity, 0.5])
    func convolutionOutput(outputs: Int, clamp: Float) {
        let products = Self.random((outputs + 2) * (outputs + 2) * Self.channels, seed: 3)
        Self.withEpilogue(clamp: clamp) { epilogue in
            Self.expectEqualBits(outputs * Self.grid.rowStride) { output, form in
                Kernels.transformConvolutionOutput(
                    outputs: outputs, products: products, pointStride: Self.channels, y: output, grid: Self.grid,
                    rows: outputs - 1, columns: outputs, epilogue: epilogue, pixel: 5, width: 24, form: form)
            }
        }
    }

    @Test func upsamplingInput() {
        let x = Self.random(24 * Self.grid.rowStride, seed: 4)
        let styles = Self.random(Self.channels, seed: 5)
        let layout = UpsamplingLayout(tiles: 3, channels: Self.channels)
        Self.expectEqualBits(layout.count) { output, form in
            Kernels.transformUpsamplingInput(
                x: x, grid: Self.grid, styles: styles, factors: output, tile: 1, layout: layout, form: form)
        }
    }

    @Test
    func upsamplingOutput() {
        let layout = UpsamplingLayout(tiles: 3, channels: Self.channels)
        let sums = Self.random(layout.count, seed: 6)
        Self.expectEqualBits(8 * Self.grid.rowStride) { output, form in
            Kernels.transformUpsamplingOutput(
                sums: sums, tile: 1, layout: layout, t: output, grid: Self.grid, form: form)
        }
    }

    @Test(arguments: [Float.infinity, 0.5])
    func lowPass(clamp: Float) {
        let t = Self.random(5 * Self.grid.rowStride, seed: 7)
        Self.withEpilogue(clamp: clamp) { epilogue in
            Self.expectEqualBits(2 * Self.grid.rowStride) { output, form in
                Kernels.lowPassRows(
                    t: t, tGrid: Self.grid, y: output, yGrid: Self.grid, width: 21,
                    taps: SIMD4(0.125, 0.375, 0.4375, 0.0625), epilogue: epilogue, pixel: 3, form: form)
            }
        }
    }

    @Test(arguments: [
        FilterFinish.store, .add, .activate(slope: 0.2, clamp: .infinity), .activate(slope: 1, clamp: 0.5),
    ])
    func filteredPixels(finish: FilterFinish) {
        let x = Self.random(24 * Self.grid.rowStride, seed: 16)
        let taps = Self.random(15, seed: 17)
        Self.expectEqualBits(23 * 32) { output, form in
            Kernels.filterPixels(
                x: x, xStep: 2 * Self.channels, rowStride: Self.grid.rowStride, columnStride: Self.channels,
                taps: taps, tapRows: 3, tapColumns: 5, y: output, yStep: 32, count: 23, finish: finish, form: form)
        }
    }

    @Test func scaledChannels() {
        let x = Self.random(Self.channels, seed: 14)
        let factors = Self.random(Self.channels, seed: 15)
        Self.expectEqualBits(Self.channels) { output, form in
            Kernels.scaleChannels(x: x, factors: factors, channels: Self.channels, y: output, form: form)
        }
    }

    @Test func finishedPixels() {
        let sums = Self.random(7 * Self.channels, seed: 8)
        Self.withEpilogue(clamp: 0.5) { epilogue in
            Self.expectEqualBits(7 * Self.channels) { output, form in
                Kernels.finishPixels(
                    sums: sums, y: output, count: 7, channels: Self.channels, epilogue: epilogue, pixel: 2, form: form)
            }
        }
    }

    @Test func weightedChannels() {
        let x = Self.random(9 * Self.channels, seed: 9)
        let weights = Self.random(3 * Self.channels, seed: 10)
        Self.expectEqualBits(3 * 9) { output, form in
            Kernels.addWeightedChannels(
                x: x, weights: weights, count: 9, channels: Self.channels, imgChannels: 3, bias: [0.1, 0.2, -0.3],
                clamp: 0.8, image: output, planeStride: 9, form: form)
        }
    }
}
