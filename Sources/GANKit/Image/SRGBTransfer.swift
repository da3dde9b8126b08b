// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The sRGB transfer function (IEC 61966-2-1) between 8-bit values and linear light.
enum SRGBTransfer {
    /// Linear light of each 8-bit value.
    static let linear: [Float] = (0..<256).map { Float(decode(Double($0) / 255)) }

    /// `thresholds[v]` is the linear light from which on `v + 1` is the nearest 8-bit value.
    private static let thresholds: [Float] = (0..<255).map { Float(decode((Double($0) + 0.5) / 255)) }

    /// The nearest 8-bit value of an amount of linear light; what lies outside 0...1 is clipped.
    static func encode(_ light: Float) -> UInt8 {
        var low = 0
        var high = thresholds.count
        while low < high {
            let middle = (low + high) / 2
            if light >= thresholds[middle] {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return UInt8(low)
    }

    private static func decode(_ value: Double) -> Double {
        value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
