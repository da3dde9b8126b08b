// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// Times each form that the convolutions of a StyleGAN2 generator can take: what `ConvolutionForms` is made of.
public struct FormBenchmark {
    /// One layer in one form.
    public struct Entry: Sendable {
        /// "b64.conv1"
        public let layer: String
        /// "F(4x4,3x3)"
        public let form: String
        /// The shortest time of one image.
        public let duration: Duration
        /// Whether the layer takes this form.
        public let isChosen: Bool
    }

    /// What is read between two rounds, so that weights come from memory as they do in a network: 64 MB.
    private static let otherElements = 1 << 24

    private let layers: [SynthesisLayer]
    private let loop: ParallelLoop
    private let filter: ResampleFilter

    /// nil for a generator of another architecture.
    public init?(_ generator: Generator, threads: Int) throws {
        guard let network = generator.network as? StyleGAN2Network else { return nil }
        layers = network.synthesis.layers
        loop = ParallelLoop(threads: threads, team: ThreadTeam())
        filter = try ResampleFilter(ResampleFilter.usualTensor, name: "filter")
    }

    /// Times every form of every layer, `rounds` times each.
    public func run(rounds: Int) -> [Entry] {
        let other = FloatBuffer(zeros: Self.otherElements)
        return layers.flatMap { layer in
            forms(of: layer).map { form in
                let shortest = measure(form.convolution, rounds: rounds, other: other)
                return Entry(layer: layer.name, form: form.name, duration: shortest, isChosen: form.isChosen)
            }
        }
    }

    private func forms(of layer: SynthesisLayer) -> [(name: String, isChosen: Bool, convolution: LayerConvolution)] {
        let (input, output) = (layer.convolution.input, layer.convolution.output)
        let weight = Tensor(shape: [output.channels, input.channels, 3, 3]) { elements in
            Self.fill(elements)
        }
        if output.height == input.height {
            return PlainForm.allCases.map { form in
                let convolution = LayerConvolution(
                    weight: weight, resolution: input.height, form: form, maxBatch: 1, loop: loop)
                return (form.rawValue, form == ConvolutionForms.plain(resolution: input.height), convolution)
            }
        }
        return UpsamplingForm.allCases.map { form in
            let convolution = LayerConvolution(
                weight: weight, filter: filter, upsampling: input.height, form: form, maxBatch: 1, loop: loop)
            return (form.rawValue, form == ConvolutionForms.upsampling(resolution: input.height), convolution)
        }
    }

    /// The shortest of `rounds` runs after one that is not measured.
    private func measure(_ convolution: LayerConvolution, rounds: Int, other: FloatBuffer) -> Duration {
        let x = filled(convolution.input.count)
        let y = FloatBuffer(zeros: convolution.output.count)
        let t = FloatBuffer(zeros: convolution.intermediateCount)
        let scratch = FloatBuffer(zeros: convolution.scratchCount(threads: loop.threads, batch: 1))
        let factors = filled(max(convolution.input.channels, convolution.output.channels))
        let image = LayerImage(
            x: x.pointer, styles: factors.pointer, y: y.pointer,
            epilogue: ActivationEpilogue(
                scale: factors.pointer, bias: factors.pointer, noise: nil, noiseStrength: 0, clamp: .infinity))
        let clock = ContinuousClock()
        return withExtendedLifetime((x, factors)) {
            (0...rounds).map { _ in
                loop.run(loop.threads) { piece, _ in
                    let part = Self.otherElements / loop.threads
                    (other.pointer + piece * part).update(repeating: Float(piece), count: part)
                }
                return clock.measure {
                    convolution.apply([image], intermediate: t.pointer, scratch: scratch.pointer, loop: loop)
                }
            }.dropFirst().min() ?? .zero
        }
    }

    private func filled(_ count: Int) -> FloatBuffer {
        let buffer = FloatBuffer(zeros: count)
        Self.fill(UnsafeMutableBufferPointer(start: buffer.pointer, count: count))
        return buffer
    }

    /// Small numbers of both signs that repeat themselves after a while.
    private static func fill(_ elements: UnsafeMutableBufferPointer<Float>) {
        for index in elements.indices {
            elements[index] = Float(index % 251) / 251 - 0.5
        }
    }
}
