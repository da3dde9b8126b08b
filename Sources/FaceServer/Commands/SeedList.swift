// SPDX-License-Identifier: Apache-2.0

/// Seeds as the official script takes them: a comma-separated list of numbers and of ranges with both ends,
/// "1,2,5-10" (`parse_range` of NVIDIA's `gen_images.py` and `num_range` of `generate.py`).
struct SeedList: Equatable, Sendable {
    /// No picture book needs more; a slip such as "0-4294967295" would otherwise fill the disk.
    static let maximumCount = 1_000_000

    let seeds: [UInt32]

    /// - Throws: `CommandFailure` that names the part and the bound.
    init(_ text: String) throws {
        var seeds: [UInt32] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let first = try Self.seed(ends[0], in: part)
            let last = try ends.count == 2 ? Self.seed(ends[1], in: part) : first
            guard first <= last else {
                throw CommandFailure("--seeds: the range '\(part)' runs backwards, expected \(last)-\(first)")
            }
            guard seeds.count + Int(last - first) < Self.maximumCount else {
                throw CommandFailure("--seeds: '\(text)' has more than \(Self.maximumCount) seeds")
            }
            seeds += first...last
        }
        self.seeds = seeds
    }

    private static func seed(_ text: Substring, in part: Substring) throws -> UInt32 {
        guard text.isASCIIDigits, let seed = UInt32(text) else {
            throw CommandFailure(
                "--seeds: '\(part)' is neither an integer from 0 to \(UInt32.max) nor a range of such, as 0-9")
        }
        return seed
    }
}
