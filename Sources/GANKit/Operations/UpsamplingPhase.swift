// SPDX-License-Identifier: Apache-2.0

/// A transposed 3x3 convolution with stride 2 without any inserted zero: [I, H, W] to t, [O, 2H+1, 2W+1].
///
/// Rows (and columns) of t with even index 2m mix inputs m-1 and m through the filter's taps 2 and 0; those with odd
/// index 2m+1 take input m through tap 1. So t falls into four phases by the parity of row and column, each a small
/// convolution of the input. The positions m run from 0 to H, where input H is zero.
enum UpsamplingPhase {
    /// The filter's taps of even and of odd rows or columns, in the order in which they meet the inputs.
    static let evenTaps = [2, 0]
    static let oddTap = 1

    /// The map that takes t, with a rim for the filter.
    static func intermediate(of input: ActivationMap, outputs: Int, filter: ResampleFilter) -> ActivationMap {
        let before = filter.convolutionPadding
        return ActivationMap(
            height: 2 * input.height + 1, width: 2 * input.width + 1, channels: outputs,
            rimBefore: max(1, before), rimAfter: max(1, filter.size - before - 2))
    }
}
