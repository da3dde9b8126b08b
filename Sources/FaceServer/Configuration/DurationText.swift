// SPDX-License-Identifier: Apache-2.0

/// Durations as people write them: "30" and "30s" are seconds; also "500ms", "2m", "1.5h".
enum DurationText {
    private static let millisecondsPerUnit = ["ms": 1, "": 1000, "s": 1000, "m": 60_000, "h": 3_600_000]

    static func parse(_ text: String) -> Duration? {
        let unit = text.reversed().prefix { $0.isLetter }.reversed()
        guard
            let milliseconds = millisecondsPerUnit[String(unit)],
            let number = FixedDecimal(text.dropLast(unit.count)),
            number.millionths >= 0,
            // A duration of a century is a mistake, and the product below must not overflow.
            number.millionths < 1_000_000_000_000
        else {
            return nil
        }
        return .nanoseconds(number.millionths * milliseconds)
    }

    /// The shortest text in one unit that is exact to the millisecond.
    static func format(_ duration: Duration) -> String {
        let milliseconds = Int(duration / .milliseconds(1))
        if milliseconds % 1000 != 0 {
            return "\(milliseconds)ms"
        }
        let seconds = milliseconds / 1000
        if seconds > 0, seconds % 3600 == 0 {
            return "\(seconds / 3600)h"
        }
        return seconds > 60 && seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
