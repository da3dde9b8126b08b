// SPDX-License-Identifier: Apache-2.0

import GANKernels

/// The operations that StyleGAN has and its successors do not.
extension ReferenceOperations {
    /// Each pixel twice on each axis.
    static func repeated(_ x: Planes) -> Planes {
        var y = Planes(channels: x.channels, height: 2 * x.height, width: 2 * x.width)
        for channel in 0..<y.channels {
            for row in 0..<y.height {
                for column in 0..<y.width {
                    y[channel, row, column] = x[channel, row / 2, column / 2]
                }
            }
        }
        return y
    }

    /// [1, 2, 1] on each axis, of sum 1, with zeros outside the image.
    static func blurred(_ x: Planes) -> Planes {
        let taps: [Double] = [1, 2, 1]
        var y = x
        for channel in 0..<x.channels {
            for row in 0..<x.height {
                for column in 0..<x.width {
                    var sum = 0.0
                    for ky in 0..<3 {
                        for kx in 0..<3 {
                            sum += taps[ky] * taps[kx] / 16 * Double(x[channel, row + ky - 1, column + kx - 1])
                        }
                    }
                    y[channel, row, column] = Float(sum)
                }
            }
        }
        return y
    }

    /// Noise, bias, leaky ReLU, then mean 0 and variance 1 for each channel, times `scale` plus `shift`.
    ///
    /// - Parameter noise: [H, W]
    static func adaptiveInstanceNorm(
        _ x: Planes, noise: [Float]?, noiseStrength: [Float], bias: [Float], scale: [Float], shift: [Float]
    ) -> Planes {
        var y = x
        let area = x.height * x.width
        for channel in 0..<x.channels {
            let values = (0..<area).map { pixel in
                let value =
                    Double(x.elements[channel * area + pixel]) + Double(noise?[pixel] ?? 0)
                    * Double(noiseStrength[channel])
                    + Double(bias[channel])
                return value < 0 ? value * Double(ActivationEpilogue.negativeSlope) : value
            }
            let mean = values.reduce(0, +) / Double(area)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(area)
            for (pixel, value) in values.enumerated() {
                let normal = (value - mean) / (variance + 1e-8).squareRoot()
                y.elements[channel * area + pixel] = Float(normal * Double(scale[channel]) + Double(shift[channel]))
            }
        }
        return y
    }
}
