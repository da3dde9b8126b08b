// SPDX-License-Identifier: Apache-2.0

/// A step along one of the model's directions.
struct FaceEdit: Hashable, Sendable {
    /// Directions, most important first.
    enum Direction: Hashable, Sendable {
        /// By its rank among those that are found in the weights.
        case rank(Int)
        /// By the name that the configuration gives it.
        case name(String)
    }

    static let strengthBounds = FixedDecimal(millionths: -100_000_000)...FixedDecimal(millionths: 100_000_000)

    let direction: Direction
    let strength: FixedDecimal
    /// nil for all.
    let layers: ClosedRange<Int>?

    /// Edits in their canonical order, those that change nothing left out.
    static func canonical(_ edits: [FaceEdit]) -> [FaceEdit] {
        edits.filter { $0.strength.millionths != 0 }.sorted { $0.sortKey < $1.sortKey }
    }

    /// The canonical text of several: "0:-1,3:2.5:0-6"
    static func text(of edits: [FaceEdit]) -> String? {
        edits.isEmpty ? nil : edits.map(\.description).joined(separator: ",")
    }

    /// Whether another is a step along the same direction in the same layers.
    func isAlong(_ other: FaceEdit) -> Bool {
        direction == other.direction && layers == other.layers
    }

    private var sortKey: (Int, String, Int, Int) {
        let bounds = layers.map { ($0.lowerBound, $0.upperBound) } ?? (-1, -1)
        switch direction {
        case .rank(let rank): return (rank, "", bounds.0, bounds.1)
        case .name(let name): return (.max, name, bounds.0, bounds.1)
        }
    }
}

extension FaceEdit: CustomStringConvertible {
    /// "3:2.5:0-6"
    var description: String {
        let name =
            switch direction {
            case .rank(let rank): "\(rank)"
            case .name(let name): name
            }
        return "\(name):\(strength)" + (layers.map { ":" + IntegerRanges.text(of: $0) } ?? "")
    }
}
