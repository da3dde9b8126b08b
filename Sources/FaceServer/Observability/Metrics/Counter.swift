// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A number of events for each value of a label, from 0 at the start of the program. Its lock is `counts`.
final class Counter<Label: MetricLabel>: Sendable {
    private let counts: Mutex<[Label: Int]>

    init() {
        counts = Mutex(Dictionary(uniqueKeysWithValues: Label.allCases.map { ($0, 0) }))
    }

    func increment(_ label: Label) {
        counts.withLock { $0[label, default: 0] += 1 }
    }

    /// The count of each label value, in the order of declaration.
    var values: [(label: Label, count: Int)] {
        let counts = counts.withLock { $0 }
        return Label.allCases.map { ($0, counts[$0] ?? 0) }
    }
}
