// SPDX-License-Identifier: Apache-2.0

/// Mutable Float32 memory that an operation writes and the next one reads; not initialised.
///
/// Not `Sendable`: it belongs to one `Workspace`, which one worker uses at a time.
final class FloatBuffer {
    let count: Int
    let pointer: UnsafeMutablePointer<Float>

    init(count: Int) {
        self.count = count
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: TensorStorage.alignment)
        pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    deinit {
        UnsafeMutableRawPointer(pointer).deallocate()
    }
}
