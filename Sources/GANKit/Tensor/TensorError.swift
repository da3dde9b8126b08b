// SPDX-License-Identifier: Apache-2.0

/// A shape and a number of elements that do not fit each other.
public struct TensorError: Error, Equatable, CustomStringConvertible {
    /// The shape asked for.
    public let shape: [Int]
    /// The number of elements given.
    public let elementCount: Int

    /// One clause without a final stop.
    public var description: String {
        "shape \(shape) does not hold \(elementCount) elements"
    }
}
