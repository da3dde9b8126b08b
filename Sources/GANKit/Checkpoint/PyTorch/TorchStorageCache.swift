// SPDX-License-Identifier: Apache-2.0

/// The storages of a pickle, each read once however many tensors share it.
struct TorchStorageCache {
    /// For the tensors that are made from them.
    var budget: TensorBudget
    private var embedded: [Range<Int>: ElementStorage] = [:]
    private let external: [String: ElementStorage]

    /// - Parameter external: the storages outside of the pickle by their keys; none for a network pickle
    init(for document: PickleDocument, external: [String: ElementStorage] = [:]) {
        budget = TensorBudget(fileByteCount: document.source.count)
        self.external = external
    }

    /// The storage that `torch.storage._load_from_bytes` would make, or the one that a persistent ID names.
    mutating func storage(_ value: PickleValue, in document: PickleDocument) throws -> ElementStorage {
        if document.node(value)?.kind == .persistentID {
            let identifier = try TorchStorageIdentifier(value, in: document)
            guard let storage = external[identifier.key] else {
                throw CheckpointError.malformed(detail: "its storage \(identifier.key.quoted) is not in the file")
            }
            return storage
        }
        let argument = document.arguments(value, of: .torchStorage)?.first
        let range: Range<Int>
        switch argument {
        case .bytes(let bytes)?: range = bytes
        case .latin1(let text)?: range = text
        default: throw CheckpointError.malformed(detail: "its storage is not made from bytes")
        }
        if let known = embedded[range] {
            return known
        }
        let storage = try ElementStorage(argument, in: document)
        embedded[range] = storage
        return storage
    }
}
