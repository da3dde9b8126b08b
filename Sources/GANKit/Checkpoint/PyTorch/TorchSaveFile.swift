// SPDX-License-Identifier: Apache-2.0

/// A file of `torch.save`: a pickle, and the storages that it refers to by persistent IDs.
struct TorchSaveFile {
    let document: PickleDocument
    /// By their keys.
    let storages: [String: ElementStorage]

    /// A zip archive: `torch.save` since PyTorch 1.6. Its members lie in one folder of any name: `data.pkl`, and a storage
    /// as `data/KEY`.
    init(zip file: ByteView) throws {
        let archive = try ZipArchive(file)
        let roots = archive.members.keys.filter { $0.hasSuffix("/data.pkl") && $0.split(separator: "/").count == 2 }
        guard let member = roots.first, roots.count == 1, let range = archive.members[member] else {
            throw CheckpointError.unsupported(
                detail: "the zip archive holds \(roots.isEmpty ? "no" : "more than one") 'data.pkl' of torch.save")
        }
        let root = String(member.dropLast("data.pkl".utf8.count))
        if let order = archive.bytes(root + "byteorder"), !order.bytes.elementsEqual("little".utf8) {
            throw CheckpointError.unsupported(detail: "the file is not in little-endian order")
        }
        document = try PickleMachine.run(file, in: range, allowsPersistentIDs: true)
        var storages: [String: ElementStorage] = [:]
        for (key, identifier) in try Self.identifiers(in: document) {
            // A storage that no member holds is an error only where a tensor needs it.
            guard let range = archive.members["\(root)data/\(key)"] else { continue }
            guard identifier.byteCount == range.count else {
                throw CheckpointError.malformed(
                    detail: "storage \(key.quoted) of \(identifier.elementCount) \(identifier.elementType.rawValue) "
                        + "elements has \(range.count) bytes")
            }
            storages[key] = ElementStorage(
                elementType: identifier.elementType, elementCount: identifier.elementCount, bytes: .plain(file),
                dataOffset: range.lowerBound)
        }
        self.storages = storages
    }

    /// `torch.save` before PyTorch 1.6: magic number, version, system information, the object, the list of storage keys,
    /// and then for each key the number of elements and the elements.
    init(legacy file: ByteView) throws {
        let start = try ElementStorage.preamble(file, in: 0..<file.count, of: "the file")
        document = try PickleMachine.run(file, in: start..<file.count, allowsPersistentIDs: true)
        let keys = try PickleMachine.run(file, in: document.endOffset..<file.count)
        guard let list = keys.sequence(keys.root) else {
            throw CheckpointError.malformed(detail: "the file has no list of its storages")
        }
        let identifiers = try Self.identifiers(in: document)
        var storages: [String: ElementStorage] = [:]
        var position = keys.endOffset
        for value in list {
            guard let key = keys.string(value), let identifier = identifiers[key], storages[key] == nil else {
                throw CheckpointError.malformed(detail: "the list of storages names one that the object does not have")
            }
            let left = file.count - position - 8
            guard left >= 0 else {
                throw CheckpointError.malformed(detail: "storage \(key.quoted): no element count at byte \(position)")
            }
            let stored = file.littleEndian(Int64.self, at: position)
            guard stored == identifier.elementCount else {
                throw CheckpointError.malformed(
                    detail: "storage \(key.quoted) holds \(stored) elements, \(identifier.elementCount) announced")
            }
            position += 8
            guard let size = identifier.byteCount, size <= left else {
                throw CheckpointError.malformed(
                    detail: "storage \(key.quoted): offset \(position) and \(stored) "
                        + "\(identifier.elementType.rawValue) elements exceed file size \(file.count)")
            }
            storages[key] = ElementStorage(
                elementType: identifier.elementType, elementCount: identifier.elementCount, bytes: .plain(file),
                dataOffset: position)
            position += size
        }
        guard position == file.count else {
            throw CheckpointError.malformed(detail: "the storages end at byte \(position), the file at \(file.count)")
        }
        self.storages = storages
    }

    /// All persistent IDs of the pickle by their keys.
    private static func identifiers(in document: PickleDocument) throws -> [String: TorchStorageIdentifier] {
        var identifiers: [String: TorchStorageIdentifier] = [:]
        for (index, node) in document.nodes.enumerated() where node.kind == .persistentID {
            let identifier = try TorchStorageIdentifier(.node(index), in: document)
            if let other = identifiers.updateValue(identifier, forKey: identifier.key), other != identifier {
                throw CheckpointError.malformed(
                    detail: "storage \(identifier.key.quoted) is said to be of two types or sizes")
            }
        }
        return identifiers
    }
}
