// SPDX-License-Identifier: Apache-2.0

/// The front door to checkpoints of every format.
///
/// ```swift
/// let file = try MappedFile(path: "ffhq.pkl")
/// let reader = try Checkpoint.open(file)
/// let weight = try reader.tensor("synthesis.b4.conv1.weight")
/// print(file.sha256)
/// ```
public enum Checkpoint {
    /// Opens a checkpoint, whose format is recognised by its content.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - network: which network to read where a file has several.
    /// - Throws: `CheckpointError`.
    public static func open(path: String, network: String = "G_ema") throws -> any CheckpointReader {
        try open(MappedFile(path: path), network: network)
    }

    /// Likewise for a file that is mapped already, of which the caller can have the hash without reading it from disk
    /// twice.
    public static func open(_ file: MappedFile, network: String = "G_ema") throws -> any CheckpointReader {
        switch try CheckpointFormat(recognizing: file.bytes) {
        case .safetensors: try SafetensorsReader(file)
        case .pickle: try NVIDIANetworkPickleReader(file, network: network)
        }
    }

    /// The SHA-256 of a file's content in lower-case hexadecimal.
    ///
    /// - Throws: `CheckpointError`.
    public static func sha256(path: String) throws -> String {
        try MappedFile(path: path).sha256
    }
}
