// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// The slow, obvious twins of the fast operations: definitions as loops, summed in Double. Tests compare the two.
enum ReferenceOperations {
    /// An array with its shape, [C, H, W].
    struct Planes: Equatable {
        var channels: Int
        var height: Int
        var width: Int
        var elements: [Float]

        init(channels: Int, height: Int, width: Int, elements: [Float]? = nil) {
            self.channels = channels
            self.height = height
            self.width = width
            self.elements = elements ?? [Float](repeating: 0, count: channels * height * width)
        }

        /// Zero outside the image.
        subscript(channel: Int, row: Int, column: Int) -> Float {
            get {
                guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
                return elements[(channel * height + row) * width + column]
            }
            set {
                elements[(channel * height + row) * width + column] = newValue
            }
        }
    }

    /// A 3x3 cross-correlation with stride 1 and padding 1, whose input channels are scaled by `styles`.
    ///
    /// - Parameter weight: [O, I, 3, 3]
    static func convolution3x3(_ x: Planes, weight: Tensor, styles: [Float]) -> Planes {
        convolution2d(x, weight: weight, styles: styles, padding: 1)
    }

    /// A cross-correlation with stride 1, whose input channels are scaled by `styles`.
    ///
    /// - Parameters:
    ///   - weight: [O, I, k, k]
    ///   - padding: zeros on all sides
    static func convolution2d(_ x: Planes, weight: Tensor, styles: [Float], padding: Int) -> Planes {
        let weights = weight.elements
        let kernel = weight.shape[2]
        let growth = 2 * padding - kernel + 1
        var y = Planes(channels: weight.shape[0], height: x.height + growth, width: x.width + growth)
        for output in 0..<y.channels {
            for row in 0..<y.height {
                for column in 0..<y.width {
                    var sum = 0.0
                    for input in 0..<x.channels {
                        for ky in 0..<kernel {
                            for kx in 0..<kernel {
                                let place = ((output * x.channels + input) * kernel + ky) * kernel + kx
                                let factor = weights[place] * styles[input]
                                sum += Double(factor) * Double(x[input, row + ky - padding, column + kx - padding])
                            }
                        }
                    }
                    y[output, row, column] = Float(sum)
                }
            }
        }
        return y
    }

    /// A transposed 3x3 convolution with stride 2 and no padding: [I, H, W] to [O, 2H+1, 2W+1].
    ///
    /// - Parameter weight: [O, I, 3, 3]
    static func transposedConvolution3x3(_ x: Planes, weight: Tensor, styles: [Float]) -> Planes {
        let weights = weight.elements
        var y = Planes(channels: weight.shape[0], height: 2 * x.height + 1, width: 2 * x.width + 1)
        for output in 0..<y.channels {
            for input in 0..<x.channels {
                for row in 0..<x.height {
                    for column in 0..<x.width {
                        for ky in 0..<3 {
                            for kx in 0..<3 {
                                let factor = weights[((output * x.channels + input) * 3 + ky) * 3 + kx] * styles[input]
                                y[output, 2 * row + ky, 2 * column + kx] += factor * x[input, row, column]
                            }
                        }
                    }
                }
            }
        }
        return y
    }

    /// A transposed convolution of which `padding` rows and columns are cut off before, and as many behind that the output
    /// is `stride` times as large as the input.
    ///
    /// - Parameter weight: [I, O, kh, kw]
    static func transposedConvolution(_ x: Planes, weight: Tensor, stride: Int, padding: Int) -> Planes {
        let weights = weight.elements
        let (outputs, height, width) = (weight.shape[1], weight.shape[2], weight.shape[3])
        var y = Planes(channels: outputs, height: stride * x.height, width: stride * x.width)
        for output in 0..<outputs {
            for row in 0..<y.height {
                for column in 0..<y.width {
                    var sum = 0.0
                    for input in 0..<x.channels {
                        for ky in 0..<height {
                            for kx in 0..<width {
                                let (down, right) = (row + padding - ky, column + padding - kx)
                                guard down % stride == 0, right % stride == 0 else { continue }
                                let tap = weights[((input * outputs + output) * height + ky) * width + kx]
                                sum += Double(tap) * Double(x[input, down / stride, right / stride])
                            }
                        }
                    }
                    y[output, row, column] = Float(sum)
                }
            }
        }
        return y
    }

    /// Inserts `up - 1` zeros after each pixel, pads with zeros, convolves each channel with a filter, and keeps every
    /// `down`th pixel.
    ///
    /// - Parameters:
    ///   - filter: [kh, kw]
    ///   - padding: before and after, on both axes; pixels to cut off if negative
    static func upfirdn2d(
        _ x: Planes, filter: Tensor, up: Int, down: Int = 1, padding: (before: Int, after: Int), gain: Float
    ) -> Planes {
        let (filterHeight, filterWidth) = (filter.shape[0], filter.shape[1])
        let taps = filter.elements
        let sum = padding.before + padding.after
        var y = Planes(
            channels: x.channels, height: (x.height * up + sum - filterHeight) / down + 1,
            width: (x.width * up + sum - filterWidth) / down + 1)
        for channel in 0..<y.channels {
            for row in 0..<y.height {
                for column in 0..<y.width {
                    var total = 0.0
                    for ky in 0..<filterHeight {
                        for kx in 0..<filterWidth {
                            let sourceRow = row * down + ky - padding.before
                            let sourceColumn = column * down + kx - padding.before
                            guard sourceRow % up == 0, sourceColumn % up == 0 else { continue }
                            let tap = taps[(filterHeight - 1 - ky) * filterWidth + filterWidth - 1 - kx]
                            total += Double(tap) * Double(x[channel, sourceRow / up, sourceColumn / up])
                        }
                    }
                    y[channel, row, column] = Float(total) * gain
                }
            }
        }
        return y
    }

    /// StyleGAN3's activation: up-sampling, leaky ReLU with its gain, clamp, down-sampling.
    ///
    /// - Parameters:
    ///   - upFilter: [n, n]
    ///   - downFilter: [n, n]
    static func filteredActivation(
        _ x: Planes, upFilter: Tensor, up: Int, downFilter: Tensor, down: Int, padding: (before: Int, after: Int),
        slope: Float, gain: Float, clamp: Float
    ) -> Planes {
        var between = upfirdn2d(x, filter: upFilter, up: up, padding: padding, gain: Float(up * up))
        between.elements = between.elements.map { value in
            min(max((value < 0 ? value * slope : value) * gain, -clamp), clamp)
        }
        return upfirdn2d(between, filter: downFilter, up: 1, down: down, padding: (0, 0), gain: 1)
    }

    /// The outer product of a vector with itself: [n] to [n, n].
    static func outerProduct(_ filter: Tensor) -> Tensor {
        let taps = filter.elements
        return Tensor(shape: [taps.count, taps.count]) { elements in
            for index in elements.indices {
                elements[index] = taps[index / taps.count] * taps[index % taps.count]
            }
        }
    }

    /// `clamp(gain * lrelu(scale * x + noiseStrength * noise + bias))`
    static func biasActivation(
        _ x: Float, scale: Float, bias: Float, noise: Float, noiseStrength: Float, clamp: Float?
    ) -> Float {
        let value = scale * x + noiseStrength * noise + bias
        let activated = (value < 0 ? value * ActivationEpilogue.negativeSlope : value) * ActivationEpilogue.gain
        guard let clamp else { return activated }
        return min(max(activated, -clamp), clamp)
    }
}
