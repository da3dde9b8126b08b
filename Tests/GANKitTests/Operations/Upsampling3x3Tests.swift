// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

/// All forms of the up-sampling convolution, with the low-pass, against their slow twin.
struct Upsampling3x3Tests {
    enum Form: CaseIterable {
        case direct, winograd, bands
    }

    /// Not symmetric, so that a filter taken in the wrong direction shows.
    static let taps: [Float] = [0.125, 0.375, 0.4375, 0.0625]

    static func filter() throws -> Tensor {
        try Tensor(shape: [4, 4], elements: taps.flatMap { row in taps.map { $0 * row } })
    }

    @Test(arguments: ConvolutionCase.table, Form.allCases)
    func equalsItsSlowTwin(_ testCase: ConvolutionCase, _ form: Form) throws {
        try Self.expectEqualsSlowTwin(testCase, form, filter: Self.filter(), padding: (1, 1))
    }

    @Test(arguments: FilterCase.table, Form.allCases)
    func equalsItsSlowTwinWithAnyFilter(_ filterCase: FilterCase, _ form: Form) throws {
        // conv2d_resample of the official implementation, reduced for a 3x3 kernel: (n + 1) / 2 - 1 zeros before.
        let before = (filterCase.size + 1) / 2 - 1
        try Self.expectEqualsSlowTwin(
            ConvolutionCase.table[4], form, filter: filterCase.filter(),
            padding: (before, filterCase.size - 2 - before))
    }

    static func expectEqualsSlowTwin(
        _ testCase: ConvolutionCase, _ form: Form, filter: Tensor, padding: (before: Int, after: Int)
    ) throws {
        let (x, weight, styles) = try testCase.data()
        let square = filter.shape.count == 1 ? ReferenceOperations.outerProduct(filter) : filter
        let expected = ReferenceOperations.upfirdn2d(
            ReferenceOperations.transposedConvolution3x3(x, weight: weight, styles: styles),
            filter: square, up: 1, padding: padding, gain: 4)
        let actual = try Self.run(x, weight: weight, styles: styles, form: form, filter: filter, threads: 2)
        #expect([actual.height, actual.width] == [2 * x.height, 2 * x.width])
        Convolution3x3Tests.expectEqual(actual, expected)
    }

    @Test(arguments: ConvolutionCase.table, Form.allCases)
    func bitsDoNotDependOnThreads(_ testCase: ConvolutionCase, _ form: Form) throws {
        let (x, weight, styles) = try testCase.data()
        let alone = try Self.run(x, weight: weight, styles: styles, form: form, threads: 1)
        for threads in [2, 4] {
            #expect(try Self.run(x, weight: weight, styles: styles, form: form, threads: threads) == alone)
        }
    }

    static func run(
        _ x: ReferenceOperations.Planes, weight: Tensor, styles: [Float], form: Form, filter: Tensor? = nil,
        threads: Int
    ) throws -> ReferenceOperations.Planes {
        let loop = ParallelLoop(threads: threads)
        let outputs = weight.shape[0]
        let input = ActivationMap(height: x.height, width: x.width, channels: x.channels)
        let filter = try ResampleFilter(filter ?? Self.filter(), name: "filter")
        let intermediate = UpsamplingPhase.intermediate(of: input, outputs: outputs, filter: filter)
        let lowPass = UpsamplingLowPass(intermediate: intermediate, filter: filter)
        let t = LayerRun.poisoned(intermediate.count)
        intermediate.clearRim(t.pointer)
        let y = LayerRun.poisoned(lowPass.output.count)
        let epilogue = LayerRun.Epilogue.shift(Convolution3x3Tests.shift, channels: outputs)
        LayerRun.withImage(x, styles: styles, y: y, epilogue: epilogue) { image in
            switch form {
            case .direct:
                let convolution = DirectUpsampling3x3(
                    weight: weight, filter: filter, height: x.height, width: x.width, loop: loop)
                LayerRun.withScratch(convolution.scratchCount) {
                    convolution.apply([image], t: t.pointer, scratch: $0, loop: loop)
                }
            case .winograd:
                let convolution = WinogradUpsampling3x3(
                    weight: weight, filter: filter, height: x.height, width: x.width, maxBatch: 1, loop: loop)
                LayerRun.withScratch(convolution.scratchCount(threads: threads)) {
                    convolution.apply([image], t: t.pointer, scratch: $0, loop: loop)
                }
            case .bands:
                let convolution = WinogradUpsampling3x3(
                    weight: weight, filter: filter, height: x.height, width: x.width, maxBatch: 1, loop: loop)
                if let bands = UpsamplingBands(convolution, lowPass) {
                    LayerRun.withScratch(bands.scratchCount(threads: threads)) {
                        bands.apply([image], t: t.pointer, scratch: $0, loop: loop)
                    }
                    return
                }
                // What goes through no bands goes whole.
                LayerRun.withScratch(convolution.scratchCount(threads: threads)) {
                    convolution.apply([image], t: t.pointer, scratch: $0, loop: loop)
                }
            }
            lowPass.apply([image], t: t.pointer, loop: loop)
        }
        withExtendedLifetime(t) {}
        return LayerRun.planes(y, lowPass.output, channels: outputs)
    }
}
