// SPDX-License-Identifier: Apache-2.0

/// The weights of a modulated convolution and the demodulation factors that follow from a style.
///
/// Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020, section 2.2: the convolution's weights
/// are scaled by the style of each input channel and then brought to unit norm for each output channel. Both factors
/// are constant over the image, so the style scales the input and the norm scales the output.
struct ModulatedConv2D {
    static let epsilon: Float = 1e-8

    let inputChannels: Int
    let outputChannels: Int
    /// [O, I, kh, kw]
    let weight: Tensor
    /// Sum of squares over kh, kw: [O, I]
    private let squaredNorms: Tensor

    init(weight: Tensor) {
        self.weight = weight
        outputChannels = weight.shape[0]
        inputChannels = weight.shape[1]
        let taps = weight.shape[2] * weight.shape[3]
        squaredNorms = Tensor(shape: [outputChannels, inputChannels]) { norms in
            weight.withUnsafeBufferPointer { elements in
                for index in norms.indices {
                    norms[index] = elements[index * taps..<(index + 1) * taps].reduce(0) { $0 + $1 * $1 }
                }
            }
        }
    }

    /// `1 / sqrt(sum over i, kh, kw of (weight * style)^2 + 1e-8)` for each output channel.
    ///
    /// - Parameters:
    ///   - styles: [I]
    ///   - result: [O]
    func demodulation(styles: UnsafePointer<Float>, result: UnsafeMutablePointer<Float>) {
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
        for channel in 0..<outputChannels {
            result[channel] = 1 / (result[channel] + Self.epsilon).squareRoot()
        }
    }
}
