// SPDX-License-Identifier: Apache-2.0

/// The demodulation factors of a modulated convolution.
///
/// Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020, section 2.2: the convolution's weights
/// are scaled by the style of each input channel and then brought to unit norm for each output channel. Both factors
/// are constant over the image, so the style scales the input and the norm scales the output.
struct ModulatedConv2D: Sendable {
    static let epsilon: Float = 1e-8

    private let inputChannels: Int
    private let outputChannels: Int
    /// Sum of squares over kh, kw: [O, I]
    private let squaredNorms: Tensor
    /// Mean of the squared weights of each output channel, [O].
    private let meanSquares: [Float]

    /// - Parameter weight: [O, I, kh, kw]
    init(weight: Tensor, loop: ParallelLoop) {
        let (outputs, inputs) = (weight.shape[0], weight.shape[1])
        outputChannels = outputs
        inputChannels = inputs
        let taps = weight.shape[2] * weight.shape[3]
        squaredNorms = Tensor(shape: [outputs, inputs]) { norms in
            guard let norms = norms.baseAddress else { return }
            weight.withUnsafeBufferPointer { elements in
                loop.run(outputs) { output, _ in
                    for index in output * inputs..<(output + 1) * inputs {
                        var sum: Float = 0
                        for tap in index * taps..<(index + 1) * taps {
                            sum.addProduct(elements[tap], elements[tap])
                        }
                        norms[index] = sum
                    }
                }
            }
        }
        meanSquares = squaredNorms.withUnsafeBufferPointer { norms in
            (0..<outputs).map { output in
                norms[output * inputs..<(output + 1) * inputs].reduce(0, +) / Float(inputs * taps)
            }
        }
    }

    /// The same with weights and styles that are brought to unit second moment before, as StyleGAN3 does. Demodulation undoes
    /// that but for the 1e-8.
    ///
    /// - Parameters:
    ///   - styles: [I]
    ///   - result: [O]
    func normalizedDemodulation(styles: UnsafePointer<Float>, gain: Float, result: UnsafeMutablePointer<Float>) {
        let meanStyle = DotProduct.dot(styles, styles, count: inputChannels) / Float(inputChannels)
        sums(styles: styles, result: result)
        for channel in 0..<outputChannels {
            let epsilon = Self.epsilon * meanStyle * meanSquares[channel]
            result[channel] = gain / (result[channel] + epsilon).squareRoot()
        }
    }

    /// `gain / sqrt(sum over i, kh, kw of (weight * style)^2 + 1e-8)` for each output channel.
    ///
    /// - Parameters:
    ///   - styles: [I]
    ///   - result: [O]
    func demodulation(styles: UnsafePointer<Float>, gain: Float, result: UnsafeMutablePointer<Float>) {
        sums(styles: styles, result: result)
        for channel in 0..<outputChannels {
            result[channel] = gain / (result[channel] + Self.epsilon).squareRoot()
        }
    }

    /// `sum over i, kh, kw of (weight * style)^2` for each output channel.
    private func sums(styles: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>) {
        squaredNorms.withUnsafeBufferPointer { norms in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: inputChannels) { squares in
                for channel in 0..<inputChannels {
                    squares.initializeElement(at: channel, to: styles[channel] * styles[channel])
                }
                guard let norms = norms.baseAddress, let squares = squares.baseAddress else { return }
                DotProduct.multiply(
                    matrix: norms, rows: outputChannels, columns: inputChannels, vector: squares, result: result)
            }
        }
    }
}
