// SPDX-License-Identifier: Apache-2.0

/// A tensor that is still in its file: the shape is known, the elements are read when asked for.
///
/// Readers whose file has other names or another layout than the official one chain the conversions here, so that one
/// tensor at a time is converted.
struct TensorSource: Sendable {
    /// The name in the file, for messages.
    let name: String
    let shape: [Int]
    private let read: @Sendable () throws -> Tensor

    init(name: String, shape: [Int], read: @escaping @Sendable () throws -> Tensor) {
        self.name = name
        self.shape = shape
        self.read = read
    }

    /// A tensor of the same elements everywhere, that the file need not hold.
    init(name: String, constant tensor: Tensor) {
        self.init(name: name, shape: tensor.shape) { tensor }
    }

    /// Reads and converts the elements.
    func tensor() throws -> Tensor {
        try CheckpointError.naming(name, read)
    }

    /// This tensor, whose axes must have the given lengths; nil admits any length but zero.
    ///
    /// - Throws: `CheckpointError.unexpectedShape`
    func expecting(_ expected: [Int?]) throws -> TensorSource {
        let fits =
            shape.count == expected.count
            && zip(shape, expected).allSatisfy { length, wanted in wanted.map { $0 == length } ?? (length > 0) }
        guard fits else {
            throw CheckpointError.unexpectedShape(name: name, expected: expected, actual: shape)
        }
        return self
    }

    /// The same elements in the same order under another shape of as many.
    func reshaped(_ newShape: [Int]) -> TensorSource {
        precondition(CheckedInteger(of: newShape).value == CheckedInteger(of: shape).value, "\(shape) to \(newShape)")
        return converted(newShape) { $0.reshaped(newShape) }
    }

    /// Axes in another order; those of the result in `reversed` are read backwards.
    func permuted(_ axes: [Int], reversing reversed: Set<Int> = []) -> TensorSource {
        converted(axes.map { shape[$0] }) { $0.permuted(axes, reversing: reversed) }
    }

    /// `body` of each element.
    func mapped(_ body: @escaping @Sendable (Float) -> Float) -> TensorSource {
        converted(shape) { $0.mapped(body) }
    }

    private func converted(_ newShape: [Int], _ body: @escaping @Sendable (Tensor) -> Tensor) -> TensorSource {
        TensorSource(name: name, shape: newShape) { [read] in try body(read()) }
    }
}
