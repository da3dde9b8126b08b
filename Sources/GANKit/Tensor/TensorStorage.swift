// SPDX-License-Identifier: Apache-2.0

/// The elements behind a `Tensor`: memory of its own, or a view into memory that another object keeps alive
/// (a mapped file).
///
/// `@unchecked Sendable` because the elements never change after `init` returns.
final class TensorStorage: @unchecked Sendable {
    let elements: UnsafeBufferPointer<Float>
    private let owner: AnyObject?

    /// Allocates `count` elements and lets `body` set each of them.
    init(count: Int, initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
        let memory = LargeMemory.allocate(count)
        let buffer = UnsafeMutableBufferPointer(start: memory, count: count)
        do {
            try body(buffer)
        } catch {
            memory.deallocate()
            throw error
        }
        elements = UnsafeBufferPointer(buffer)
        owner = nil
    }

    /// Views elements that stay valid and unchanged for as long as `owner` lives.
    init(viewing elements: UnsafeBufferPointer<Float>, ownedBy owner: AnyObject) {
        self.elements = elements
        self.owner = owner
    }

    deinit {
        if owner == nil {
            UnsafeRawPointer(elements.baseAddress)?.deallocate()
        }
    }
}
