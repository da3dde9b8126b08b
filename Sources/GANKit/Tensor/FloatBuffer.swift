// SPDX-License-Identifier: Apache-2.0

/// Mutable Float32 memory that an operation writes and the next one reads.
///
/// Not `Sendable`: it belongs to one `Workspace`, which one worker uses at a time.
final class FloatBuffer {
    let count: Int
    let pointer: UnsafeMutablePointer<Float>

    /// Memory whose elements are not initialised.
    init(count: Int) {
        self.count = count
        pointer = LargeMemory.allocate(count)
    }

    /// Memory whose elements are zero.
    convenience init(zeros count: Int) {
        self.init(count: count)
        pointer.initialize(repeating: 0, count: count)
    }

    deinit {
        UnsafeMutableRawPointer(pointer).deallocate()
    }
}
