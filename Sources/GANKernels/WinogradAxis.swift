// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering on one axis.
///
/// Values come from `load` by their number and go to `store`, so that the same steps serve rows and columns.
protocol WinogradAxis {
    /// Outputs of one tile.
    static var outputs: Int { get }
    /// Products, and inputs, of one tile.
    static var points: Int { get }

    /// Inputs to factors.
    static func transformInput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void)

    /// Products to outputs.
    static func transformOutput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void)
}
