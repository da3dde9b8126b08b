// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Observations counted in fixed buckets, for each combination of label values that came up. Its lock is `series`.
///
/// Where the label values are not known beforehand, the caller sees to it that they are few: route patterns, status
/// codes, names of models.
final class Histogram: Sendable {
    /// What one combination of label values has gathered.
    struct Series: Sendable {
        /// The observations in each bucket alone; one more, at the end, for those beyond the last bound.
        var counts: [Int]
        var sum = 0.0

        fileprivate mutating func add(_ value: Double, toBucket bucket: Int) {
            counts[bucket] += 1
            sum += value
        }
    }

    /// Inclusive upper bounds, ascending.
    let bounds: [Double]
    let labelNames: [String]
    private let series: Mutex<[[String]: Series]>

    /// - Parameter labelNames: without any there is one series, which exists at once.
    init(bounds: [Double], labelNames: [String] = []) {
        self.bounds = bounds
        self.labelNames = labelNames
        let empty = Series(counts: Array(repeating: 0, count: bounds.count + 1))
        series = Mutex(labelNames.isEmpty ? [[]: empty] : [:])
    }

    /// - Parameter labels: one value for each of `labelNames`.
    func observe(_ value: Double, labels: [String] = []) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        series.withLock { series in
            series[labels, default: Series(counts: Array(repeating: 0, count: bounds.count + 1))]
                .add(value, toBucket: bucket)
        }
    }

    func observe(_ duration: Duration, labels: [String] = []) {
        observe(duration / .seconds(1), labels: labels)
    }

    /// Every series in the order of its label values.
    var values: [(labels: [String], series: Series)] {
        series.withLock { $0 }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { ($0.key, $0.value) }
    }
}
