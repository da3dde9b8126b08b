// SPDX-License-Identifier: Apache-2.0

/// The filters of PNG rows that the encoder uses (PNG specification, section 9.2), for pixels of three bytes.
enum PNGFilter: UInt8 {
    /// Difference to the pixel at the left.
    case sub = 1
    /// Difference to that of left, above and above left which is nearest to left + above - above left.
    case paeth = 4

    private static let pixelBytes = 3

    /// Filters a row with `paeth`, or with `sub` where there is no row above: there both are the same.
    static func apply(
        row: UnsafePointer<UInt8>, above: UnsafePointer<UInt8>?, count: Int, to target: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<min(pixelBytes, count) {
            target[index] = row[index] &- (above?[index] ?? 0)
        }
        guard let above else {
            for index in pixelBytes..<max(pixelBytes, count) {
                target[index] = row[index] &- row[index - pixelBytes]
            }
            return
        }
        // Written so that the compiler turns it into vectors: sixteen bits hold every difference, and both choices are
        // selections.
        for index in pixelBytes..<max(pixelBytes, count) {
            let left = Int16(row[index &- pixelBytes])
            let up = Int16(above[index])
            let upLeft = Int16(above[index &- pixelBytes])
            let fromLeft = magnitude(up &- upLeft)
            let fromUp = magnitude(left &- upLeft)
            let fromUpLeft = magnitude(left &+ up &- upLeft &- upLeft)
            let nearerUp = fromUp <= fromUpLeft ? up : upLeft
            let predictor = fromLeft <= min(fromUp, fromUpLeft) ? left : nearerUp
            target[index] = row[index] &- UInt8(truncatingIfNeeded: predictor)
        }
    }

    /// The definition.
    static func paethPredictor(left: Int, up: Int, upLeft: Int) -> Int {
        let estimate = left + up - upLeft
        let (fromLeft, fromUp, fromUpLeft) = (abs(estimate - left), abs(estimate - up), abs(estimate - upLeft))
        if fromLeft <= fromUp, fromLeft <= fromUpLeft { return left }
        return fromUp <= fromUpLeft ? up : upLeft
    }

    @inline(__always)
    private static func magnitude(_ value: Int16) -> Int16 {
        value < 0 ? 0 &- value : value
    }
}
