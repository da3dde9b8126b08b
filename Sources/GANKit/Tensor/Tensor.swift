// SPDX-License-Identifier: Apache-2.0

/// An immutable, contiguous Float32 array in C order: the last axis varies fastest.
///
/// Axis letters used in this module:
/// N batch, I input channels, O output channels, C channels, H height, W width, kh/kw filter height and width.
/// Weights are [O, I, kh, kw], activations are [N, C, H, W].
public struct Tensor: Sendable {
    /// The length of each axis; empty for a scalar.
    public let shape: [Int]
    let storage: TensorStorage

    /// Copies `elements`.
    ///
    /// - Throws: `TensorError` when `shape` does not hold exactly `elements.count` elements.
    public init(shape: [Int], elements: [Float]) throws {
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == elements.count else {
            throw TensorError(shape: shape, elementCount: elements.count)
        }
        self.init(shape: shape) { buffer in
            _ = buffer.update(fromContentsOf: elements)
        }
    }

    /// Allocates a tensor whose elements `body` sets, each of them.
    init(shape: [Int], initializingWith body: (UnsafeMutableBufferPointer<Float>) throws -> Void) rethrows {
        self.shape = shape
        storage = try TensorStorage(count: shape.reduce(1, *), initializingWith: body)
    }

    /// Views memory that `owner` keeps alive and unchanged.
    init(shape: [Int], viewing elements: UnsafeBufferPointer<Float>, ownedBy owner: AnyObject) {
        precondition(shape.reduce(1, *) == elements.count, "shape \(shape) is not \(elements.count) elements")
        self.shape = shape
        storage = TensorStorage(viewing: elements, ownedBy: owner)
    }

    /// The number of elements.
    public var count: Int { storage.elements.count }

    /// A copy of the elements in C order.
    public var elements: [Float] { Array(storage.elements) }

    /// Calls `body` with the elements in C order; the pointer is valid only during the call.
    public func withUnsafeBufferPointer<Result>(
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) { try body(storage.elements) }
    }
}
