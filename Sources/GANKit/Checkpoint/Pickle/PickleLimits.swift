// SPDX-License-Identifier: Apache-2.0

/// Bounds on what a pickle may make the reader do. A 1024x1024 network pickle stays below a hundredth of each.
struct PickleLimits: Sendable {
    /// Values on the stack.
    var stackCount = 1 << 17
    /// MARKs that are open at a time, that is the depth of nesting. Python's own pickler stops at about this depth.
    var markCount = 1_000
    /// Entries of the memo.
    var memoCount = 1 << 20
    /// Memory for containers. Text and bytes cost nothing, since they stay in the file.
    var allocatedBytes: Int
    /// The length of a module or class name.
    var nameBytes = 256

    /// The limits for a source of `byteCount` bytes.
    init(sourceByteCount byteCount: Int) {
        allocatedBytes = (16 << 20) + 4 * min(byteCount, 1 << 40)
    }
}
