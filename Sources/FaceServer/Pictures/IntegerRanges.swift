// SPDX-License-Identifier: Apache-2.0

/// Numbers written as a comma-separated list of numbers and of ranges with both ends: "1,2,5-10". The grammar is that of
/// the official scripts' `--seeds` and `--styles`.
struct IntegerRanges: Hashable, Sendable {
    /// What is wrong with a list, and in which part.
    enum Problem: Error, Equatable {
        case malformed(part: String)
        case outOfRange(part: String)
        /// The range's ends in the order in which they should have come.
        case backwards(part: String, first: Int, last: Int)
        case tooMany
    }

    let ranges: [ClosedRange<Int>]

    /// - Parameters:
    ///   - bounds: of each number
    ///   - maxCount: how many numbers there may be
    init(_ text: some StringProtocol, within bounds: ClosedRange<Int>, maxCount: Int = .max) throws(Problem) {
        var ranges: [ClosedRange<Int>] = []
        var count = 0
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let first = try Self.number(ends[0], of: part, within: bounds)
            let last = try ends.count == 2 ? Self.number(ends[1], of: part, within: bounds) : first
            guard first <= last else {
                throw .backwards(part: String(part), first: last, last: first)
            }
            // Neither number is negative, so this cannot overflow.
            guard last - first < maxCount - count else { throw .tooMany }
            count += last - first + 1
            ranges.append(first...last)
        }
        self.ranges = ranges
    }

    /// Every number, in order; repeats are kept.
    var numbers: [Int] { ranges.flatMap { Array($0) } }

    private static func number(
        _ text: some StringProtocol, of part: some StringProtocol, within bounds: ClosedRange<Int>
    ) throws(Problem) -> Int {
        guard text.isASCIIDigits else { throw .malformed(part: String(part)) }
        guard let number = text.integer(within: bounds) else { throw .outOfRange(part: String(part)) }
        return number
    }

    /// The one text of a list of numbers: neighbours that follow each other are a range.
    static func text(of numbers: some Sequence<Int>) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers {
            if let run = runs.last, run.upperBound + 1 == number {
                runs[runs.count - 1] = run.lowerBound...number
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
