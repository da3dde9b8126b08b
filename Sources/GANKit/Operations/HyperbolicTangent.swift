// SPDX-License-Identifier: Apache-2.0

/// The hyperbolic tangent, computed from additions and multiplications alone: the C library's depends on the processor in its
/// last bit, and with it a picture's bytes would.
enum HyperbolicTangent {
    /// Beyond, the nearest Float is 1.
    private static let largest = 10.0
    /// ln 2 in two parts, of which multiples of the first are exact.
    private static let ln2High = 0x1.62e42fefa38p-1
    private static let ln2Low = 0x1.ef35793c7673p-45
    /// 1 / n! from n = 12 down to 0.
    private static let coefficients: [Double] = {
        var factorials = [1.0]
        for n in 1...12 { factorials.append(factorials[n - 1] * Double(n)) }
        return factorials.reversed().map { 1 / $0 }
    }()

    /// Within one unit in the last place.
    static func of(_ x: Float) -> Float {
        guard !x.isNaN else { return x }
        let magnitude = min(Double(abs(x)), largest)
        // (1 - e) / (1 + e) with e = exp(-2 |x|)
        let e = exponential(-2 * magnitude)
        let value = Float((1 - e) / (1 + e))
        return x < 0 ? -value : value
    }

    /// For -20 to 0: a power of two times a series on half an interval of ln 2 to either side.
    private static func exponential(_ x: Double) -> Double {
        let power = (x / (ln2High + ln2Low)).rounded()
        let rest = (x - power * ln2High) - power * ln2Low
        let series = coefficients.reduce(0.0) { sum, coefficient in sum * rest + coefficient }
        return series * Double(sign: .plus, exponent: Int(power), significand: 1)
    }
}
