// SPDX-License-Identifier: Apache-2.0

/// A dictionary of named tensors, in the order in which the network's modules were made.
struct TorchStateDict {
    /// The key under which the file's root has it; empty for the root itself.
    let key: String
    let names: [String]
    let tensors: [String: TensorSource]

    /// More than any network has.
    private static let maxTensors = 10_000
    private static let maxDictionaries = 100

    /// Every dictionary of tensors of a file: the root, and those right within it.
    ///
    /// - Returns: those that hold a tensor, in the order of the file, the root first; and the keys of the root's other
    ///   entries
    static func all(in file: TorchSaveFile) throws -> (dictionaries: [TorchStateDict], others: [String]) {
        let document = file.document
        guard let root = document.entries(document.root) else {
            throw CheckpointError.unsupported(detail: "the file holds no dictionary of tensors")
        }
        var cache = TorchStorageCache(for: document, external: file.storages)
        var budget = Self.maxTensors
        let own = try TorchStateDict("", root, in: document, storages: &cache, budget: &budget)
        var dictionaries = own.names.isEmpty ? [] : [own]
        var others: [String] = []
        for (key, value) in root where own.tensors[document.string(key) ?? ""] == nil {
            let name = document.string(key) ?? "?"
            guard let entries = document.entries(value) else {
                others.append(name)
                continue
            }
            let dictionary = try TorchStateDict(name, entries, in: document, storages: &cache, budget: &budget)
            if dictionary.names.isEmpty {
                others.append(name)
            } else {
                dictionaries.append(dictionary)
            }
            guard dictionaries.count <= Self.maxDictionaries else {
                throw CheckpointError.malformed(detail: "more than \(Self.maxDictionaries) dictionaries of tensors")
            }
        }
        return (dictionaries, others)
    }

    /// - Parameter budget: how many more tensors are allowed
    private init(
        _ key: String, _ entries: [(key: PickleValue, value: PickleValue)], in document: PickleDocument,
        storages: inout TorchStorageCache, budget: inout Int
    ) throws {
        self.key = key
        var names: [String] = []
        var tensors: [String: TensorSource] = [:]
        for entry in entries where StridedTensor.isTorch(entry.value, in: document) {
            guard let name = document.string(entry.key) else {
                throw CheckpointError.malformed(detail: "the name of a tensor is no text of at most 256 bytes")
            }
            budget -= 1
            guard budget >= 0 else {
                throw CheckpointError.malformed(detail: "more than \(Self.maxTensors) tensors")
            }
            let tensor = try CheckpointError.naming(name) {
                try StridedTensor(entry.value, in: document, storages: &storages)
            }
            guard tensors.updateValue(tensor.source(name), forKey: name) == nil else {
                throw CheckpointError.malformed(detail: "tensor \(name.quoted) occurs twice")
            }
            names.append(name)
        }
        self.names = names
        self.tensors = tensors
    }
}
