// SPDX-License-Identifier: Apache-2.0

extension StridedTensor {
    /// Whether a value is a tensor or a parameter of PyTorch.
    static func isTorch(_ value: PickleValue, in document: PickleDocument) -> Bool {
        document.arguments(value, of: .torchTensor) != nil || document.arguments(value, of: .torchParameter) != nil
    }

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
        try storages.budget.charge(byteCount)
    }

    static func lengths(_ value: PickleValue, in document: PickleDocument) -> [Int]? {
        guard let elements = document.sequence(value), elements.count <= maxRank else { return nil }
        let lengths = elements.compactMap { document.integer($0) }
        return lengths.count == elements.count ? lengths : nil
    }
}
