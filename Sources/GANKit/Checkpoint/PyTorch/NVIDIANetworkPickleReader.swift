// SPDX-License-Identifier: Apache-2.0

/// Reads the network pickles of NVIDIA's stylegan2-ada-pytorch and stylegan3 repositories: one pickled dictionary with
/// the networks `G`, `D` and `G_ema`, each a tree of modules.
///
/// Everything but the elements is read and checked at once; the elements stay in the mapped file until asked for.
public struct NVIDIANetworkPickleReader: CheckpointReader {
    /// The format as people call it.
    public let formatName = "PyTorch network pickle"
    /// What the attributes of the modules say.
    public let metadata: CheckpointMetadata
    /// All tensor names, sorted.
    public let tensorNames: [String]
    /// The other entries of the dictionary.
    public let unused: [String]
    private let tensors: [String: TensorSource]

    /// Reads the modules of one network and checks where their tensors lie.
    ///
    /// - Parameters:
    ///   - file: the pickle.
    ///   - network: which entry to read; `G_ema`, the moving average of `G`, is the one that makes pictures.
    /// - Throws: `CheckpointError`.
    public init(_ file: MappedFile, network: String = "G_ema") throws {
        try self.init(ByteView(file), network: network)
    }

    init(_ bytes: ByteView, network: String = "G_ema") throws {
        try self.init(PickleMachine.run(bytes), network: network)
    }

    init(_ document: PickleDocument, network: String) throws {
        unused = (document.entries(document.root) ?? []).compactMap { entry in
            guard entry.value != .none, let key = document.string(entry.key), key != network else { return nil }
            return document.arguments(entry.value, of: .persistentObject) == nil
                ? "entry \(key.quoted)" : "network \(key.quoted)"
        }
        let network = try NVIDIANetwork(document, name: network)
        metadata = try NVIDIANetworkAttributes(network).metadata()
        tensorNames = network.tensorNames
        tensors = network.sources
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
        return try tensor.tensor()
    }
}
