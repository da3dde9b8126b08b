// SPDX-License-Identifier: Apache-2.0

/// Finds the name that was probably meant.
enum NearestName {
    /// The candidate with the fewest edits from `name`, or nil when none is near enough to be worth a suggestion.
    ///
    /// A candidate that begins with `name` counts as near ("trunc" for "truncation").
    static func of(_ name: String, among candidates: [String]) -> String? {
        // The bound keeps the quadratic distance off long hostile names.
        guard !name.isEmpty, name.utf8.count <= 64 else {
            return nil
        }
        let lowercased = name.lowercased()
        let ranked = candidates.map { candidate in
            let lowercasedCandidate = candidate.lowercased()
            let isPrefix = name.count >= 3 && lowercasedCandidate.hasPrefix(lowercased)
            return (candidate, isPrefix ? 1 : distance(lowercased, lowercasedCandidate))
        }
        guard let (candidate, edits) = ranked.min(by: { $0.1 < $1.1 }) else {
            return nil
        }
        return edits <= max(1, min(name.count, candidate.count) / 3) ? candidate : nil
    }

    /// The Levenshtein distance, with a swap of neighbours counted as one edit ("sede" for "seed").
    static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.utf8)
        let b = Array(b.utf8)
        var beforePrevious: [Int] = []
        var previous = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(previous[j] + (a[i] == b[j] ? 0 : 1), previous[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforePrevious[j - 1] + 1)
                }
                row.append(best)
            }
            beforePrevious = previous
            previous = row
        }
        return previous[b.count]
    }
}
