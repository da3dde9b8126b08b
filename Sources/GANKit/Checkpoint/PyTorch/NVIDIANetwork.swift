// SPDX-License-Identifier: Apache-2.0

/// One network of an NVIDIA pickle, whether it makes pictures or judges them: its modules with their attributes, and its
/// tensors.
///
/// The modules' descriptions are all that is in memory. Everything but the elements is read and checked at once; the
/// elements stay in the mapped file until asked for.
public struct NVIDIANetwork: Sendable {
    /// The key in the file: "G_ema", "D".
    public let name: String
    /// Of the network itself: "Generator", "Discriminator".
    public var className: String { modules.first?.className ?? "" }
    /// All tensor names, sorted: paths of modules and names within, "b32.conv0.weight".
    public let tensorNames: [String]
    /// The network itself, and all within it.
    let modules: [TorchModule]
    private let tensors: [String: StridedTensor]

    /// Reads the modules of a network and checks where their tensors lie.
    ///
    /// - Parameters:
    ///   - file: the pickle
    ///   - name: the key in the dictionary of networks
    /// - Throws: `CheckpointError`
    public init(_ file: MappedFile, name: String) throws {
        try self.init(PickleMachine.run(ByteView(file)), name: name)
    }

    init(_ document: PickleDocument, name: String) throws {
        self.name = name
        modules = try TorchModuleTree(root: Self.entry(name, in: document), in: document).modules
        var tensors: [String: StridedTensor] = [:]
        var storages = TorchStorageCache(for: document)
        for (name, value) in modules.lazy.flatMap(\.tensors) {
            let tensor = try CheckpointError.naming(name) {
                try StridedTensor(value, in: document, storages: &storages)
            }
            guard tensors.updateValue(tensor, forKey: name) == nil else {
                throw CheckpointError.malformed(detail: "tensor \(name.quoted) occurs twice")
            }
        }
        self.tensors = tensors
        tensorNames = tensors.keys.sorted()
    }

    /// The shape of a tensor, or nil when there is none of that name.
    public func shape(of name: String) -> [Int]? {
        tensors[name]?.shape
    }

    /// Reads a tensor as Float32.
    ///
    /// - Throws: `CheckpointError.missingTensor`, or `.unsupported` when the elements are no floating-point numbers.
    public func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else {
            throw CheckpointError.missingTensor(name: name)
        }
        return try tensor.source(name).tensor()
    }

    /// All tensors, which are read later, without the modules' descriptions.
    var sources: [String: TensorSource] {
        Dictionary(uniqueKeysWithValues: tensors.map { ($0, $1.source($0)) })
    }

    /// The module of a path; the network itself has the empty one.
    ///
    /// - Throws: `CheckpointError.malformed` when there is none
    func module(_ path: String) throws -> TorchModule {
        guard let module = modules.first(where: { $0.path == path }) else {
            throw CheckpointError.malformed(detail: "module \(path.quoted) is missing")
        }
        return module
    }

    /// The network of that name in the dictionary at the root.
    private static func entry(_ network: String, in document: PickleDocument) throws -> PickleValue {
        guard let entries = document.entries(document.root) else {
            throw CheckpointError.unsupported(detail: "the pickle holds no dictionary of networks")
        }
        let networks = entries.filter { document.arguments($0.value, of: .persistentObject) != nil }
        if let found = networks.last(where: { document.isText($0.key, network) }) {
            return found.value
        }
        let names = networks.prefix(20).compactMap { document.string($0.key)?.quoted }
        throw CheckpointError.malformed(
            detail: "network \(network.quoted) is missing; the file has "
                + (names.isEmpty ? "no network" : names.joined(separator: ", ")))
    }
}
