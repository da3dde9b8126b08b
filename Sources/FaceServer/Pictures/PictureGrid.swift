// SPDX-License-Identifier: Apache-2.0

/// Faces of one size beside each other.
struct PictureGrid: Sendable {
    /// Row by row; nil for a place that stays black.
    let cells: [FaceParameters?]
    let columns: Int
    let format: PictureFormat
    /// Relative to the model's prefix: "/grids/0-8.png?truncation=0.7".
    let canonicalURL: String

    var rows: Int { (cells.count + columns - 1) / columns }
}

extension PictureGrid {
    /// The faces of seeds, row by row.
    ///
    /// - Parameters:
    ///   - seeds: at least one
    ///   - columns: nil for as many as make the grid about square
    ///   - face: what all cells have in common
    init(seeds: [UInt32], columns: Int?, like face: FaceParameters) {
        let square = Int(Double(seeds.count).squareRoot().rounded(.up))
        let chosen = columns.map { min($0, seeds.count) } ?? square
        let list = IntegerRanges.text(of: seeds.map { Int($0) })
        self.init(
            cells: seeds.map { Self.cell($0, like: face) }, columns: chosen, format: face.format,
            canonicalURL: "/grids/\(list)"
                + face.urlEnding(chosen == square ? [] : [(name: "columns", value: String(chosen))]))
    }

    /// The grid of `style_mixing.py`: the first column and the first row are the faces of the seeds, the corner is black,
    /// and where they cross is the row's face with layers of the column's.
    ///
    /// - Parameter face: what all cells have in common
    init(rows: [UInt32], columns: [UInt32], layers: LayerSet, like face: FaceParameters) {
        let head: [FaceParameters?] = [nil] + columns.map { Self.cell($0, like: face) }
        let body = rows.flatMap { row -> [FaceParameters?] in
            let source = Self.cell(row, like: face)
            return [source]
                + columns.map { column in
                    var mixed = source
                    mixed.mix = StyleMix(seed: column, layers: layers)
                    return mixed
                }
        }
        let names = [rows, columns].map { IntegerRanges.text(of: $0.map { Int($0) }) }.joined(separator: "/")
        self.init(
            cells: head + body, columns: columns.count + 1, format: face.format,
            canonicalURL: "/mixes/\(names)" + face.urlEnding([(name: "layers", value: layers.description)]))
    }

    private static func cell(_ seed: UInt32, like face: FaceParameters) -> FaceParameters {
        var cell = face
        cell.seed = seed
        // Cells are shared with whoever asks for the face itself.
        cell.format = .png
        return cell
    }
}
