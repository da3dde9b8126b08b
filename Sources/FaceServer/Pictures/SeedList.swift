// SPDX-License-Identifier: Apache-2.0

/// Seeds as the official script takes them: a comma-separated list of numbers and of ranges with both ends,
/// "1,2,5-10" (`parse_range` of NVIDIA's `gen_images.py` and `num_range` of `generate.py`).
struct SeedList: Equatable, Sendable {
    /// No picture book needs more; a slip such as "0-4294967295" would otherwise fill the disk.
    static let maximumCount = 1_000_000

    let seeds: [UInt32]

    /// - Parameter flag: what the seeds were given as
    /// - Throws: `CommandFailure` that names the flag, the part and the bound.
    init(_ text: String, flag: String = "seeds") throws {
        do {
            let list = try IntegerRanges(text, within: FaceParameters.seedBounds, maxCount: Self.maximumCount)
            seeds = list.numbers.map { UInt32(clamping: $0) }
        } catch {
            switch error {
            case .malformed(let part), .outOfRange(let part):
                throw CommandFailure(
                    "--\(flag): '\(part)' is neither an integer from 0 to \(UInt32.max) nor a range of such, as 0-9")
            case .backwards(let part, let first, let last):
                throw CommandFailure("--\(flag): the range '\(part)' runs backwards, expected \(first)-\(last)")
            case .tooMany:
                throw CommandFailure("--\(flag): '\(text)' has more than \(Self.maximumCount) seeds")
            }
        }
    }
}
