// SPDX-License-Identifier: Apache-2.0

/// Reads the files of `torch.save` that hold the tensors of a network by their names, and tells by the names which network
/// it is.
enum TorchStateDictReader {
    private static let formatName = "PyTorch state dict"

    /// - Throws: `CheckpointError`
    static func read(zip file: ByteView) throws -> AssembledCheckpoint {
        try read(TorchSaveFile(zip: file))
    }

    /// Likewise for a file of PyTorch before 1.6.
    static func read(legacy file: ByteView) throws -> AssembledCheckpoint {
        try read(TorchSaveFile(legacy: file))
    }

    private static func read(_ file: TorchSaveFile) throws -> AssembledCheckpoint {
        let (dictionaries, others) = try TorchStateDict.all(in: file)
        for recognize in [RosinalityNames.recognize, OfficialNames.recognize, DCGANStateDict.recognize] {
            guard let found = try recognize(dictionaries) else { continue }
            let rest =
                dictionaries.filter { !found.keys.contains($0.key) }.map { dictionary in
                    dictionary.key.isEmpty
                        ? "\(dictionary.names.count) tensors beside the network's"
                        : "dictionary \(dictionary.key.quoted)"
                } + others.map { "entry \($0.quoted)" }
            return AssembledCheckpoint(
                formatName: formatName, metadata: found.metadata, tensors: found.tensors, unused: found.unused + rest)
        }
        let names = dictionaries.prefix(5).map { dictionary in
            let first = dictionary.names.prefix(3).map(\.quoted).joined(separator: ", ")
            return dictionary.key.isEmpty ? first : "\(dictionary.key.quoted) with \(first)"
        }
        throw CheckpointError.unsupported(
            detail: "the tensors are of no known generator (StyleGAN2 of rosinality/stylegan2-pytorch or of NVIDIA, "
                + "DCGAN); the file has " + (names.isEmpty ? "no tensor" : names.joined(separator: "; ")))
    }

    /// A network that has been recognised.
    struct Found {
        var metadata: CheckpointMetadata
        /// Under our names.
        var tensors: [String: TensorSource]
        /// What of its dictionaries no tensor was made of.
        var unused: [String]
        /// The keys of its dictionaries.
        var keys: Set<String>
    }
}
