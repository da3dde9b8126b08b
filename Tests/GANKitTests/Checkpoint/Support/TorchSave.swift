// SPDX-License-Identifier: Apache-2.0

/// What `torch.save` writes of dictionaries of tensors, as a zip archive and in the form before PyTorch 1.6.
struct TorchSave {
    /// A dictionary with the given name, or the root's own tensors for an empty name.
    var dictionaries: [(name: String, tensors: [(String, [Int], [Float])])]
    var others: [(String, PythonObject)] = []

    init(_ name: String, _ tensors: [(String, [Int], [Float])]) {
        dictionaries = [(name, tensors)]
    }

    private static func number(_ key: Int, legacy: Bool) -> String { legacy ? "9400\(key)" : String(key) }

    private func root(legacy: Bool) -> (object: PythonObject, storages: [[Float]]) {
        var storages: [[Float]] = []
        func dictionary(_ tensors: [(String, [Int], [Float])]) -> [(String, PythonObject)] {
            tensors.map { name, shape, elements in
                let fields: [PythonObject] = [
                    .string("storage"), .global("torch", "FloatStorage"),
                    .string(Self.number(storages.count, legacy: legacy)), .string("cuda:0"), .int(elements.count),
                ]
                let storage = PythonObject.persistentID(.tuple(legacy ? fields + [.none] : fields))
                storages.append(elements)
                let strides = shape.indices.map { shape[($0 + 1)...].reduce(1, *) }
                return (name, TorchPickle.tensor(storage, shape: shape, strides: strides))
            }
        }
        var entries: [(String, PythonObject)] = []
        for (name, tensors) in dictionaries {
            if name.isEmpty {
                entries += dictionary(tensors)
            } else {
                entries.append((name, .dict(dictionary(tensors))))
            }
        }
        return (.dict(entries + others), storages)
    }

    private static func bytes(_ elements: [Float]) -> [UInt8] {
        elements.flatMap { [UInt8](littleEndian: $0.bitPattern) }
    }

    /// Each of its members may be changed before it is written.
    var zip: ZipFile {
        let (object, storages) = root(legacy: false)
        var file = ZipFile([
            ZipFile.Member("model/data.pkl", object.pickled(protocol: 2)),
            ZipFile.Member("model/byteorder", Array("little".utf8)),
        ])
        for (key, storage) in storages.enumerated() {
            var member = ZipFile.Member("model/data/\(key)", Self.bytes(storage))
            member.isAligned = true
            file.members.append(member)
        }
        file.hasWideEnd = true
        return file
    }

    var legacy: [UInt8] {
        let (object, storages) = root(legacy: true)
        let stream = TorchPickle.Storage([])
        let keys = PythonObject.list(storages.indices.map { .string(Self.number($0, legacy: true)) })
        return [stream.magic, stream.version, stream.system, object, keys].flatMap { $0.pickled(protocol: 2) }
            + storages.flatMap { [UInt8](littleEndian: Int64($0.count)) + Self.bytes($0) }
    }

    /// A DCGAN of one channel: 1x1, 2x2, 4x4.
    static let dcgan = TorchSave(
        "netG_state_dict",
        [
            ("main.0.weight", [2, 1, 1, 1], [1, -2]),
            ("main.1.weight", [1], [3]), ("main.1.bias", [1], [0.5]), ("main.1.running_mean", [1], [0.25]),
            ("main.1.running_var", [1], [4]),
            ("main.3.weight", [1, 1, 4, 4], (0..<16).map { Float($0) / 16 }),
            ("main.6.weight", [1, 1, 4, 4], (0..<16).map { Float($0) / 32 }),
        ])
}
