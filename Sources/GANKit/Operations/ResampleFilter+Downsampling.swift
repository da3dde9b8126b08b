// SPDX-License-Identifier: Apache-2.0

extension ResampleFilter {
    /// Zeros before an axis that is halved: `upfirdn2d` with `down=2`.
    var downsamplingPadding: Int { (size - 1) / 2 }

    /// [size, size], in the order in which the taps meet the pixels, of sum 1.
    var downsamplingTaps: [Float] { taps.map { $0 / 4 } }
}
