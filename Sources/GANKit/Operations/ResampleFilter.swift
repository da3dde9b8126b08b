// SPDX-License-Identifier: Apache-2.0

/// The separable low-pass of the up-sampling layers: four taps on each axis, whose outer product the checkpoint holds.
struct ResampleFilter: Equatable {
    /// Taps on one axis in the order in which they meet the pixels, times 2: up-sampling by 2 spreads each pixel over two.
    let upsamplingTaps: SIMD4<Float>

    /// Splits a stored two-dimensional filter into its factor.
    ///
    /// - Parameters:
    ///   - tensor: [4, 4], the outer product of a vector with itself, of sum 1
    ///   - name: names the tensor in errors
    init(_ tensor: Tensor, name: String) throws {
        guard tensor.shape == [4, 4] else {
            throw CheckpointError.unsupported(
                detail: "tensor '\(name)': a resampling filter of shape \(tensor.shape) is not supported, only [4, 4]")
        }
        let elements = tensor.elements
        let sums = (0..<4).map { row in elements[row * 4..<row * 4 + 4].reduce(0, +) }
        let separable = (0..<16).allSatisfy { abs(elements[$0] - sums[$0 / 4] * sums[$0 % 4]) <= 1e-6 }
        guard separable else {
            throw CheckpointError.unsupported(
                detail: "tensor '\(name)': the resampling filter is not the outer product of a vector of sum 1 "
                    + "with itself")
        }
        // A convolution meets the taps in reverse.
        upsamplingTaps = SIMD4(sums[3], sums[2], sums[1], sums[0]) * 2
    }
}
