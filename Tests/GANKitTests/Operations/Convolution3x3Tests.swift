// SPDX-License-Identifier: Apache-2.0

import GANKernels
import Testing

@testable import GANKit

/// All forms of the convolution with stride 1 against their slow twin.
struct Convolution3x3Tests {
    enum Form: CaseIterable {
        case direct, two, four, six

        var tileSize: WinogradConvolution3x3.TileSize {
            switch self {
            case .direct, .two: .two
            case .four: .four
            case .six: .six
            }
        }
    }

    /// Larger than any sum of the table's cases, and small enough to cost no digits that matter.
    static let shift: Float = 128

    @Test(arguments: ConvolutionCase.table, Form.allCases)
    func equalsItsSlowTwin(_ testCase: ConvolutionCase, _ form: Form) throws {
        let (x, weight, styles) = try testCase.data()
        let expected = ReferenceOperations.convolution3x3(x, weight: weight, styles: styles)
        let actual = Self.run(x, weight: weight, styles: styles, form: form, threads: 2)
        // F(6x6, 3x3) loses more digits; see `WinogradF6x3`.
        Self.expectEqual(actual, expected, tolerance: form == .six ? 4e-5 : 1e-5)
    }

    @Test(arguments: ConvolutionCase.table, Form.allCases)
    func bitsDoNotDependOnThreads(_ testCase: ConvolutionCase, _ form: Form) throws {
        let (x, weight, styles) = try testCase.data()
        let alone = Self.run(x, weight: weight, styles: styles, form: form, threads: 1)
        for threads in [2, 4] {
            #expect(Self.run(x, weight: weight, styles: styles, form: form, threads: threads) == alone)
        }
    }

    @Test(arguments: Form.allCases)
    func epilogueEqualsItsSlowTwin(form: Form) throws {
        let testCase = ConvolutionCase.table[3]
        let (x, weight, styles) = try testCase.data()
        let channels = Lanes.padded(testCase.outputs)
        let pixels = x.height * x.width
        let epilogue = LayerRun.Epilogue(
            scale: (0..<channels).map { 0.5 + Float($0) * 0.01 }, bias: (0..<channels).map { Float($0 % 5) - 2 },
            noise: (0..<pixels).map { Float($0 % 7) - 3 }, noiseStrength: 0.3, clamp: 0.75)
        let sums = ReferenceOperations.convolution3x3(x, weight: weight, styles: styles)
        let gain = ActivationEpilogue.gain
        let expected = sums.elements.indices.map { index in
            let (channel, pixel) = index.quotientAndRemainder(dividingBy: pixels)
            // The epilogue's factors contain the gain, the twin's do not.
            return ReferenceOperations.biasActivation(
                sums.elements[index], scale: epilogue.scale[channel] / gain, bias: epilogue.bias[channel] / gain,
                noise: epilogue.noise?[pixel] ?? 0, noiseStrength: epilogue.noiseStrength / gain, clamp: epilogue.clamp)
        }
        let actual = Self.run(
            x, weight: weight, styles: styles, form: form, threads: 2, epilogue: epilogue)
        #expect(PictureComparison.largestDifference(actual.elements, expected) < 1e-4)
        #expect(actual.elements.contains(0.75) && actual.elements.contains(-0.75), "the clamp has something to clamp")
    }

    /// Within `tolerance` of the largest value; `actual` is shifted.
    static func expectEqual(
        _ actual: ReferenceOperations.Planes, _ expected: ReferenceOperations.Planes,
        tolerance: Float = 1e-5, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let largest = expected.elements.reduce(0) { max($0, abs($1)) }
        #expect(largest < shift, "the shift must keep every value positive", sourceLocation: sourceLocation)
        let difference = PictureComparison.largestDifference(actual.elements.map { $0 - shift }, expected.elements)
        #expect(difference < tolerance * max(largest, 1), sourceLocation: sourceLocation)
    }

    static func run(
        _ x: ReferenceOperations.Planes, weight: Tensor, styles: [Float], form: Form, threads: Int,
        epilogue: LayerRun.Epilogue? = nil
    ) -> ReferenceOperations.Planes {
        let loop = ParallelLoop(threads: threads)
        let output = ActivationMap(height: x.height, width: x.width, channels: weight.shape[0])
        let y = LayerRun.poisoned(output.count)
        let epilogue = epilogue ?? .shift(shift, channels: weight.shape[0])
        LayerRun.withImage(x, styles: styles, y: y, epilogue: epilogue) { image in
            switch form {
            case .direct:
                let convolution = DirectConvolution3x3(
                    weight: weight, height: x.height, width: x.width, loop: loop)
                LayerRun.withScratch(convolution.scratchCount) { convolution.apply([image], scratch: $0, loop: loop) }
            case .two, .four, .six:
                let convolution = WinogradConvolution3x3(
                    weight: weight, height: x.height, width: x.width, tileSize: form.tileSize, maxBatch: 1, loop: loop)
                LayerRun.withScratch(convolution.scratchCount(threads: threads)) {
                    convolution.apply([image], scratch: $0, loop: loop)
                }
            }
        }
        return LayerRun.planes(y, output, channels: weight.shape[0])
    }
}
