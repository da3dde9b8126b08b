// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What the kernel says of this process's memory.
enum ProcessMemory {
    /// The most that was resident at once, or nil where `/proc` does not tell.
    static var peakMebibytes: Int? {
        (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)).flatMap(peakMebibytes(status:))
    }

    /// Reads the `VmHWM` line of proc(5) `status`, which is in KiB.
    static func peakMebibytes(status: String) -> Int? {
        for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 / 1024 }
        }
        return nil
    }
}
