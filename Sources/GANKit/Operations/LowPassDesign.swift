// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The low-pass filters of StyleGAN3, for checkpoints that do not hold them (Karras et al., "Alias-Free Generative
/// Adversarial Networks", 2021, section 3.1 and appendix C).
///
/// The same as `scipy.signal.firwin(taps, cutoff, width, fs)`, and for the radial form the jinc function with that window
/// on both axes.
struct LowPassDesign: Sendable {
    /// Taps on an axis.
    let taps: Int
    /// In cycles.
    let cutoff: Double
    /// Of the transition band, in cycles.
    let width: Double
    let samplingRate: Double

    /// The distances of the taps from the centre, in samples.
    private var offsets: [Double] { (0..<taps).map { Double($0) - Double(taps - 1) / 2 } }

    /// A windowed sinc of sum 1: [taps].
    func separable() -> Tensor {
        let relativeCutoff = 2 * cutoff / samplingRate
        let values = zip(offsets, window).map { offset, window in
            let x = Double.pi * relativeCutoff * offset
            return (x == 0 ? 1 : sin(x) / x) * window
        }
        return Self.normalized(values, shape: [taps])
    }

    /// A windowed jinc of sum 1, alike in all directions: [taps, taps].
    func radial() -> Tensor {
        let window = window
        let offsets = offsets.map { $0 / samplingRate }
        let values = (0..<taps * taps).map { index in
            let (row, column) = index.quotientAndRemainder(dividingBy: taps)
            let radius = (offsets[row] * offsets[row] + offsets[column] * offsets[column]).squareRoot()
            // j1(x) / x goes to 1/2.
            let jinc = radius == 0 ? cutoff : j1(2 * Double.pi * cutoff * radius) / (Double.pi * radius)
            return jinc * window[row] * window[column]
        }
        return Self.normalized(values, shape: [taps, taps])
    }

    private static func normalized(_ values: [Double], shape: [Int]) -> Tensor {
        let sum = values.reduce(0, +)
        return Tensor(shape: shape) { elements in
            for (index, value) in values.enumerated() {
                elements[index] = Float(value / sum)
            }
        }
    }

    /// Kaiser's window for the width of the transition band: [taps].
    private var window: [Double] {
        // Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974.
        let attenuation = 2.285 * Double(taps - 1) * Double.pi * width / (samplingRate / 2) + 7.95
        let beta =
            switch attenuation {
            case ...21: 0.0
            case ...50: 0.5842 * pow(attenuation - 21, 0.4) + 0.07886 * (attenuation - 21)
            default: 0.1102 * (attenuation - 8.7)
            }
        let half = max(Double(taps - 1) / 2, 1)
        return offsets.map { offset in
            let place = offset / half
            return Self.besselI0(beta * max(0, 1 - place * place).squareRoot()) / Self.besselI0(beta)
        }
    }

    /// The modified Bessel function of order zero, by its power series.
    private static func besselI0(_ x: Double) -> Double {
        var (sum, term, index) = (1.0, 1.0, 1.0)
        while term > sum * 1e-17 {
            term *= (x / 2 / index) * (x / 2 / index)
            sum += term
            index += 1
        }
        return sum
    }
}
