// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The front door to checkpoints of every format.
///
/// ```swift
/// let file = try Checkpoint.map(path: "ffhq.pkl")
/// let reader = try Checkpoint.open(file)
/// let weight = try reader.tensor("synthesis.b4.conv1.weight")
/// print(file.sha256)
/// ```
public enum Checkpoint {
    /// Opens a checkpoint, whose format is recognised by its content.
    ///
    /// - Parameters:
    ///   - path: the file; of a TensorFlow checkpoint the `.index`.
    ///   - network: which network to read where a network pickle of PyTorch has several.
    /// - Throws: `CheckpointError`.
    public static func open(path: String, network: String = "G_ema") throws -> any CheckpointReader {
        try open(map(path: path), network: network)
    }

    /// Maps a checkpoint's file.
    ///
    /// - Throws: `CheckpointError`.
    public static func map(path: String) throws -> MappedFile {
        do {
            return try MappedFile(path: path)
        } catch CheckpointError.io(let operation, ENOENT) {
            if let advice = TensorBundleReader.advice(for: path) {
                throw CheckpointError.unsupported(detail: advice)
            }
            throw CheckpointError.io(operation: operation, errno: ENOENT)
        }
    }

    /// Likewise for a file that is mapped already, of which the caller can have the hash without reading it from disk
    /// twice.
    public static func open(_ file: MappedFile, network: String = "G_ema") throws -> any CheckpointReader {
        switch try recognize(file) {
        case .safetensors: try SafetensorsReader(file)
        case .pickle: try openPickle(ByteView(file), network: network)
        case .torchZip: try TorchStateDictReader.read(zip: ByteView(file))
        case .torchLegacy: try TorchStateDictReader.read(legacy: ByteView(file))
        case .tensorFlowIndex: try TensorBundleReader.read(file)
        }
    }

    /// A network of a PyTorch network pickle as the file has it, such as the discriminator `D`, of which `open` reads nothing.
    ///
    /// - Throws: `CheckpointError`
    public static func network(_ name: String, in file: MappedFile) throws -> NVIDIANetwork {
        guard try recognize(file) == .pickle else {
            throw CheckpointError.unsupported(
                detail: "only PyTorch network pickles hold networks by name, such as \(name.quoted)")
        }
        return try NVIDIANetwork(file, name: name)
    }

    /// Opens a pickle, whose root tells which repository it comes from.
    static func openPickle(_ file: ByteView, network: String = "G_ema") throws -> any CheckpointReader {
        let document = try PickleMachine.run(file)
        if let networks = TensorFlowPickleReader.networks(in: document) {
            return try TensorFlowPickleReader.read(networks, in: document)
        }
        return try NVIDIANetworkPickleReader(document, network: network)
    }

    /// The format of a file.
    static func recognize(_ file: MappedFile) throws -> CheckpointFormat {
        do {
            return try CheckpointFormat(recognizing: file.bytes)
        } catch CheckpointError.unknownFormat(let detail) {
            if let advice = TensorBundleReader.advice(for: file.path) {
                throw CheckpointError.unsupported(detail: advice)
            }
            throw CheckpointError.unknownFormat(detail: detail)
        }
    }

    /// The SHA-256 of a file's content in lower-case hexadecimal.
    ///
    /// - Throws: `CheckpointError`.
    public static func sha256(path: String) throws -> String {
        try map(path: path).sha256
    }
}
