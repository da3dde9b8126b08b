// SPDX-License-Identifier: Apache-2.0

/// What becomes of the sums of a filter.
public enum FilterFinish: Sendable {
    /// They are the outputs.
    case store
    /// They are added to what the outputs hold.
    case add
    /// They go through a leaky ReLU and are bounded to `-clamp...clamp`, infinite for no bound.
    case activate(slope: Float, clamp: Float)
}
