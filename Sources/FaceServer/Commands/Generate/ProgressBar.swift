// SPDX-License-Identifier: Apache-2.0

/// How far a piece of work is, as one line of text.
struct ProgressBar: Sendable {
    private static let width = 30

    let total: Int

    /// "[##########....................] 16/48, 0:07 left". The time left supposes that what is to come takes as long as
    /// what was.
    func line(done: Int, elapsed: Duration) -> String {
        let done = min(max(0, done), total)
        let filled = total > 0 ? done * Self.width / total : Self.width
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        guard done > 0, done < total else { return "[\(bar)] \(done)/\(total)" }
        let left = Int((elapsed / .seconds(1) * Double(total - done) / Double(done)).rounded(.up))
        let (minutes, seconds) = left.quotientAndRemainder(dividingBy: 60)
        return "[\(bar)] \(done)/\(total), \(minutes):\(seconds < 10 ? "0" : "")\(seconds) left"
    }
}
