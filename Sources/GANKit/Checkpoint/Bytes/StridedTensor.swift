// SPDX-License-Identifier: Apache-2.0

/// A tensor in a file: a window with strides on a storage.
struct StridedTensor: Sendable {
    let storage: ElementStorage
    let shape: [Int]
    /// Steps between neighbours along each axis, in elements.
    private let strides: [Int]
    /// The elements of the storage from the first to the last one that the tensor touches.
    private let span: Range<Int>

    /// No network has tensors of more axes.
    static let maxRank = 8

    /// - Throws: `CheckpointError` unless every element lies within the storage.
    init(storage: ElementStorage, offset: Int, shape: [Int], strides: [Int]) throws {
        guard shape.count == strides.count, shape.count <= Self.maxRank else {
            throw CheckpointError.malformed(detail: "\(shape.count) axes with \(strides.count) strides")
        }
        guard offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else {
            throw CheckpointError.malformed(
                detail: "a negative number among offset \(offset), shape \(shape), strides \(strides)")
        }
        self.storage = storage
        self.shape = shape
        self.strides = strides
        let count = CheckedInteger(of: shape).value
        guard count != 0 else {
            span = 0..<0
            return
        }
        // The elements from `offset` on: 1 + sum of (length - 1) * stride.
        var extent = CheckedInteger(1)
        for (length, stride) in zip(shape, strides) {
            extent.add(length - 1, times: stride)
        }
        extent.add(offset, times: 1)
        guard let end = extent.value, end <= storage.elementCount else {
            throw CheckpointError.malformed(
                detail: "offset \(offset), shape \(shape) and strides \(strides) exceed the storage's "
                    + "\(storage.elementCount) elements")
        }
        // Strides of 0 would let a few bytes stand for any number of elements.
        guard let count, count <= storage.elementCount else {
            throw CheckpointError.malformed(
                detail: "shape \(shape) has more elements than the storage's \(storage.elementCount)")
        }
        span = offset..<end
    }

    /// A tensor whose elements are those of the storage from its first on, in C order.
    init(contiguous storage: ElementStorage, shape: [Int]) throws {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            let (product, overflow) = strides[axis + 1].multipliedReportingOverflow(by: max(1, shape[axis + 1]))
            strides[axis] = overflow ? .max : product
        }
        try self.init(storage: storage, offset: 0, shape: shape, strides: strides)
    }

    /// Likewise in Fortran order: the first axis varies fastest. The caller has checked that the shape's product is an `Int`.
    init(fortran storage: ElementStorage, shape: [Int]) throws {
        var strides: [Int] = []
        var step = 1
        for length in shape {
            strides.append(step)
            step *= max(1, length)
        }
        try self.init(storage: storage, offset: 0, shape: shape, strides: strides)
    }

    /// What the elements take in the file's type.
    var byteCount: Int { shape.reduce(1, *) * storage.elementType.byteCount }

    /// This tensor under the name that its file has for it.
    func source(_ name: String) -> TensorSource {
        TensorSource(name: name, shape: shape, read: materialize)
    }

    /// Copies the elements into C order, as Float32.
    func materialize() throws -> Tensor {
        guard storage.elementType.isReadable else {
            throw CheckpointError.unsupported(
                detail: "elements of type \(storage.elementType.rawValue), not floating-point numbers")
        }
        let source = try storage.elements(span)
        defer { source.dropPages() }
        return withExtendedLifetime(source.owner) {
            if isContiguous {
                return Tensor(shape: shape) { storage.elementType.widen(source.bytes, into: $0) }
            }
            let window = Tensor(shape: [span.count]) { storage.elementType.widen(source.bytes, into: $0) }
            return Tensor(shape: shape) { output in
                window.withUnsafeBufferPointer {
                    StridedWalk(shape: shape, strides: strides).gather(from: $0, at: 0, into: output)
                }
            }
        }
    }

    private var isContiguous: Bool {
        guard !shape.contains(0) else { return true }
        var step = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            guard stride == step else { return false }
            step *= length
        }
        return true
    }
}
