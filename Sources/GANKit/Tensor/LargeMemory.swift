// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Memory for tensors and buffers.
///
/// What is large asks Linux for pages of 2 MB: a tile of a large activation map touches many rows, each on a page of its
/// own, and with pages of 4 KB the address translation takes longer than the arithmetic.
enum LargeMemory {
    /// Cache-line alignment, which also satisfies every vector load.
    static let alignment = 64
    private static let hugePage = 2 << 20

    /// Memory for `count` elements, not initialised; to be given back with `deallocate()`.
    static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let isLarge = bytes >= 2 * hugePage
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: bytes, alignment: isLarge ? hugePage : alignment)
        #if os(Linux)
        if isLarge {
            // Advice only: without such pages everything works, more slowly.
            madvise(memory, bytes, MADV_HUGEPAGE)
        }
        #endif
        return memory.bindMemory(to: Float.self, capacity: max(count, 1))
    }
}
