// SPDX-License-Identifier: Apache-2.0

/// A tensor as `torch._utils._rebuild_tensor_v2` describes it: a window with strides on a storage.
struct TorchTensor: Sendable {
    let storage: TorchStorage
    let shape: [Int]
    /// Steps between neighbours along each axis, in elements.
    private let strides: [Int]
    /// The elements of the storage from the first to the last one that the tensor touches.
    private let span: Range<Int>

    /// No network has tensors of more axes.
    private static let maxRank = 8

    /// - Throws: `CheckpointError` unless every element lies within the storage.
    init(storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) throws {
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
        guard !shape.contains(0) else {
            span = 0..<0
            return
        }
        // The elements past `offset`: 1 + sum of (length - 1) * stride; and how many there are.
        var extent = CheckedInteger(1)
        var count = CheckedInteger(1)
        for (length, stride) in zip(shape, strides) {
            extent.add(length - 1, times: stride)
            count.multiply(by: length)
        }
        extent.add(offset, times: 1)
        guard let end = extent.value, end <= storage.elementCount else {
            throw CheckpointError.malformed(
                detail: "offset \(offset), shape \(shape) and strides \(strides) exceed the storage's "
                    + "\(storage.elementCount) elements")
        }
        // Strides of 0 would let a few bytes stand for any number of elements.
        guard let total = count.value, total <= storage.elementCount else {
            throw CheckpointError.malformed(
                detail: "shape \(shape) has more elements than the storage's \(storage.elementCount)")
        }
        span = offset..<end
    }

    /// Copies the elements into C order, as Float32.
    func materialize() throws -> Tensor {
        guard storage.elementType.isFloatingPoint else {
            throw CheckpointError.unsupported(
                detail: "elements of type \(storage.elementType.name), not floating-point numbers")
        }
        let source = try storage.elements(span)
        return withExtendedLifetime(source.owner) {
            if isContiguous {
                return Tensor(shape: shape) { storage.elementType.widen(source.bytes, into: $0) }
            }
            let window = Tensor(shape: [span.count]) { storage.elementType.widen(source.bytes, into: $0) }
            return Tensor(shape: shape) { output in
                window.withUnsafeBufferPointer { gather(from: $0, into: output) }
            }
        }
    }

    private var isContiguous: Bool {
        var step = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            guard stride == step else { return false }
            step *= length
        }
        return true
    }

    /// Walks the output in C order and the window along `strides`.
    private func gather(from window: UnsafeBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>) {
        guard !output.isEmpty, let rowLength = shape.last, let rowStride = strides.last else { return }
        var index = [Int](repeating: 0, count: shape.count - 1)
        var start = 0
        for row in stride(from: 0, to: output.count, by: rowLength) {
            for column in 0..<rowLength {
                output[row + column] = window[start + column * rowStride]
            }
            for axis in index.indices.reversed() {
                index[axis] += 1
                start += strides[axis]
                if index[axis] < shape[axis] { break }
                start -= index[axis] * strides[axis]
                index[axis] = 0
            }
        }
    }
}

extension TorchTensor {
    /// Reads `_rebuild_tensor_v2(storage, offset, size, stride, ...)`, possibly within `_rebuild_parameter(tensor, ...)`.
    ///
    /// - Parameter storages: storages read before, by the value that they are made from.
    init(_ value: PickleValue, in document: PickleDocument, storages: inout TorchStorageCache) throws {
        let tensor = document.arguments(value, of: .torchParameter)?.first ?? value
        guard let arguments = document.arguments(tensor, of: .torchTensor), arguments.count >= 4 else {
            throw CheckpointError.malformed(detail: "not a tensor")
        }
        guard let offset = document.integer(arguments[1]),
            let shape = Self.lengths(arguments[2], in: document),
            let strides = Self.lengths(arguments[3], in: document)
        else {
            throw CheckpointError.malformed(detail: "no valid offset, shape and strides")
        }
        let storage = try storages.storage(arguments[0], in: document)
        try self.init(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    private static func lengths(_ value: PickleValue, in document: PickleDocument) -> [Int]? {
        guard let elements = document.sequence(value), elements.count <= maxRank else { return nil }
        let lengths = elements.compactMap { document.integer($0) }
        return lengths.count == elements.count ? lengths : nil
    }
}
