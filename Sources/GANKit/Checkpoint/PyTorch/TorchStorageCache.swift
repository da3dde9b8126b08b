// SPDX-License-Identifier: Apache-2.0

/// The storages of a pickle, each read once however many tensors share it.
struct TorchStorageCache {
    private var storages: [Range<Int>: TorchStorage] = [:]

    /// The storage that `torch.storage._load_from_bytes` would make.
    mutating func storage(_ value: PickleValue, in document: PickleDocument) throws -> TorchStorage {
        let argument = document.arguments(value, of: .torchStorage)?.first
        let range: Range<Int>
        switch argument {
        case .bytes(let bytes)?: range = bytes
        case .latin1(let text)?: range = text
        default: throw CheckpointError.malformed(detail: "its storage is not made from bytes")
        }
        if let known = storages[range] {
            return known
        }
        let storage = try TorchStorage(argument, in: document)
        storages[range] = storage
        return storage
    }
}
