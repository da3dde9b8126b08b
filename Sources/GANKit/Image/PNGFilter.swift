// SPDX-License-Identifier: Apache-2.0

/// The filters of PNG rows that the encoder uses (PNG specification, section 9.2), for pixels of three bytes.
enum PNGFilter: UInt8 {
    /// Difference to the pixel at the left.
    case sub = 1
    /// Difference to that of left, above and above left which is nearest to left + above - above left.
    case paeth = 4

    private typealias Vector = SIMD32<Int16>
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
        var index = pixelBytes
        while index + Vector.scalarCount <= count {
            let left = load(row + index - pixelBytes)
            let up = load(above + index)
            let upLeft = load(above + index - pixelBytes)
            // Distances of left + up - upLeft from each of the three.
            let fromLeft = magnitude(up &- upLeft)
            let fromUp = magnitude(left &- upLeft)
            let fromUpLeft = magnitude(left &+ up &- upLeft &- upLeft)
            let nearerUp = upLeft.replacing(with: up, where: fromUp .<= fromUpLeft)
            let predictor = nearerUp.replacing(
                with: left, where: (fromLeft .<= fromUp) .& (fromLeft .<= fromUpLeft))
            let difference = SIMD32<UInt8>(truncatingIfNeeded: load(row + index) &- predictor)
            UnsafeMutableRawPointer(target + index).storeBytes(of: difference, as: SIMD32<UInt8>.self)
            index += Vector.scalarCount
        }
        while index < count {
            let predictor = paethPredictor(
                left: Int(row[index - pixelBytes]), up: Int(above[index]), upLeft: Int(above[index - pixelBytes]))
            target[index] = row[index] &- UInt8(truncatingIfNeeded: predictor)
            index += 1
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
    private static func load(_ pointer: UnsafePointer<UInt8>) -> Vector {
        Vector(truncatingIfNeeded: UnsafeRawPointer(pointer).loadUnaligned(as: SIMD32<UInt8>.self))
    }

    @inline(__always)
    private static func magnitude(_ value: Vector) -> Vector {
        value.replacing(with: 0 &- value, where: value .< 0)
    }
}
