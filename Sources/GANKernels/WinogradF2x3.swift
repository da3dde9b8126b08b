// SPDX-License-Identifier: Apache-2.0

/// Winograd's minimal filtering F(2, 3) on one axis: two outputs of a three-tap filter by four products.
///
/// Its weights have fewer elements than those of larger tiles, which counts on small maps. Interpolation points 0, 1, -1 and
/// infinity.
public enum WinogradF2x3: WinogradAxis {
    /// Outputs of one tile.
    public static var outputs: Int { 2 }
    /// Products, and inputs, of one tile.
    public static var points: Int { 4 }

    // In one module alone: arrays bring code that the linker would share between the two.
    #if !AVX512
    /// The finite interpolation points, in the order of the products.
    public static var nodes: [Double] { [0, 1, -1] }
    #endif

    @inline(__always)
    static func transformInput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (d1, d2) = (load(1), load(2))
        store(0, d2 - load(0))
        store(1, d2 + d1)
        store(2, d2 - d1)
        store(3, load(3) - d1)
    }

    @inline(__always)
    static func transformOutput(load: (Int) -> Lanes, store: (Int, Lanes) -> Void) {
        let (m1, m2) = (load(1), load(2))
        store(0, load(0) + m1 + m2)
        store(1, m1 - m2 + load(3))
    }
}
