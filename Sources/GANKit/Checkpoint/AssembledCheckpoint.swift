// SPDX-License-Identifier: Apache-2.0

/// A checkpoint whose tensors have been given our names: what the readers of foreign formats make.
struct AssembledCheckpoint: CheckpointReader {
    let formatName: String
    let metadata: CheckpointMetadata
    let tensorNames: [String]
    let unused: [String]
    private let tensors: [String: TensorSource]

    init(formatName: String, metadata: CheckpointMetadata, tensors: [String: TensorSource], unused: [String]) {
        self.formatName = formatName
        self.metadata = metadata
        self.tensors = tensors
        self.unused = unused
        tensorNames = tensors.keys.sorted()
    }

    func shape(of name: String) -> [Int]? {
        tensors[name]?.shape
    }

    func tensor(_ name: String) throws -> Tensor {
        guard let source = tensors[name] else {
            throw CheckpointError.missingTensor(name: name)
        }
        return try source.tensor()
    }
}
