// SPDX-License-Identifier: Apache-2.0

/// A decimal number held in millionths, so that equal numbers have one text and one hash.
struct FixedDecimal: Hashable, Comparable, Sendable {
    /// The number times 1,000,000.
    let millionths: Int

    init(millionths: Int) {
        self.millionths = millionths
    }

    /// A duration in milliseconds, rounded to the microsecond.
    init(milliseconds duration: Duration) {
        millionths = Int((duration / .microseconds(1)).rounded()) * 1000
    }

    /// Reads a plain decimal: an optional minus, digits, and optionally a point with more digits after it.
    ///
    /// Digits past the sixth decimal are rounded, half away from zero. Exponents, hexadecimal, a leading plus,
    /// "inf" and "nan" are not plain decimals: nil. So are numbers of more than twelve digits before the point,
    /// which no parameter allows.
    init?(_ text: some StringProtocol) {
        var digits = Substring(text)
        let isNegative = digits.first == "-"
        if isNegative {
            digits.removeFirst()
        }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.isASCIIDigits, parts.count == 1 || parts[1].isASCIIDigits else {
            return nil
        }
        let wholeDigits = whole.drop { $0 == "0" }
        guard wholeDigits.count <= 12, let wholeValue = Int("0" + wholeDigits) else {
            return nil
        }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard let kept = Int(fraction.prefix(6) + String(repeating: "0", count: max(0, 6 - fraction.count))) else {
            return nil
        }
        let roundsUp = fraction.dropFirst(6).first.map { $0 >= "5" } ?? false
        let magnitude = wholeValue * 1_000_000 + kept + (roundsUp ? 1 : 0)
        millionths = isNegative ? -magnitude : magnitude
    }

    static func < (lhs: FixedDecimal, rhs: FixedDecimal) -> Bool {
        lhs.millionths < rhs.millionths
    }

    /// The number as the generator takes it. The division is correctly rounded, so 0.7 gives the Float nearest 0.7.
    var floatValue: Float {
        Float(doubleValue)
    }

    /// The Double nearest the number.
    var doubleValue: Double {
        Double(millionths) / 1_000_000
    }
}

extension FixedDecimal: CustomStringConvertible {
    /// The shortest text: "0.7", "1", "-0.5"; never "-0", "0.70" or "1.0".
    var description: String {
        let magnitude = millionths.magnitude
        let sign = millionths < 0 ? "-" : ""
        var fraction = String(magnitude % 1_000_000 + 1_000_000).dropFirst()
        while fraction.last == "0" {
            fraction.removeLast()
        }
        return sign + String(magnitude / 1_000_000) + (fraction.isEmpty ? "" : "." + fraction)
    }
}

extension StringProtocol {
    /// Whether there is at least one character and every one is an ASCII digit. `Int(_:)` would also take a sign.
    var isASCIIDigits: Bool {
        !isEmpty && utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The number that ASCII digits spell, after any number of zeros; nil where it is out of bounds.
    func integer(within bounds: ClosedRange<Int>) -> Int? {
        let significant = drop { $0 == "0" }
        guard significant.count <= 18, let number = Int("0" + significant), bounds.contains(number) else { return nil }
        return number
    }
}
