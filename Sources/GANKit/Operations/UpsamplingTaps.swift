// SPDX-License-Identifier: Apache-2.0

/// An up-sampling filter along one axis without any inserted zero: which taps meet which pixels at each output.
///
/// Output r is `sum over k of filter[n - 1 - k] * z[r - padding + k]` for z with `up - 1` zeros after each pixel. Every up-th
/// tap meets a pixel, and which ones repeats after `up` outputs.
struct UpsamplingTaps: Sendable {
    /// Taps that meet pixels at an output; zeros fill up where there are fewer.
    let count: Int
    private let up: Int
    private let padding: Int
    /// By the first tap that meets a pixel: [up, count].
    private let taps: [Float]

    /// - Parameters:
    ///   - filter: of sum 1
    ///   - padding: zeros before z; elements of z to leave out if negative
    ///   - gain: beside the one that makes up for the inserted zeros
    init(filter: [Float], up: Int, padding: Int, gain: Float) {
        let count = (filter.count + up - 1) / up
        self.up = up
        self.padding = padding
        self.count = count
        taps = (0..<up).flatMap { first in
            (0..<count).map { index in
                let tap = first + up * index
                return tap < filter.count ? filter[filter.count - 1 - tap] * Float(up) * gain : 0
            }
        }
    }

    /// The first tap that meets a pixel at an output.
    private func firstTap(_ output: Int) -> Int {
        let remainder = (padding - output) % up
        return remainder < 0 ? remainder + up : remainder
    }

    /// The pixel that it meets.
    func firstPixel(_ output: Int) -> Int {
        (output - padding + firstTap(output)) / up
    }

    /// Calls `body` with the taps that meet pixels at an output.
    func withTaps(output: Int, _ body: (UnsafePointer<Float>) -> Void) {
        taps.withUnsafeBufferPointer { taps in
            if let base = taps.baseAddress { body(base + firstTap(output) * count) }
        }
    }
}
