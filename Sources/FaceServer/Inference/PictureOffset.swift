// SPDX-License-Identifier: Apache-2.0

/// How far a picture is moved, in pictures: "0.3,-0.1" to the right and up.
struct PictureOffset: Hashable, Sendable {
    static let zero = PictureOffset(x: FixedDecimal(millionths: 0), y: FixedDecimal(millionths: 0))

    let x: FixedDecimal
    let y: FixedDecimal

    init(x: FixedDecimal, y: FixedDecimal) {
        self.x = x
        self.y = y
    }

    /// Reads two plain decimals with a comma between them, as the official script's `--translate` takes them.
    init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let x = FixedDecimal(parts[0]), let y = FixedDecimal(parts[1]) else { return nil }
        self.init(x: x, y: y)
    }
}

extension PictureOffset: CustomStringConvertible {
    /// "0.3,-0.1"
    var description: String { "\(x),\(y)" }
}
