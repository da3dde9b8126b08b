// SPDX-License-Identifier: Apache-2.0

/// Some of a model's layers, numbered as the official scripts number them: 0 is the coarsest.
struct LayerSet: Hashable, Sendable {
    /// Ascending, each once.
    let layers: [Int]

    init(_ layers: some Sequence<Int>) {
        self.layers = Set(layers).sorted()
    }

    /// What `style_mixing.py` takes from the column's seed unless told otherwise: layers 0 to 6, as far as there are such.
    static func mixed(of layerCount: Int) -> LayerSet {
        LayerSet(0..<min(7, layerCount))
    }
}

extension LayerSet: CustomStringConvertible {
    /// "0-6"
    var description: String { IntegerRanges.text(of: layers) }
}
