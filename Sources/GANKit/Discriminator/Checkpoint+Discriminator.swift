// SPDX-License-Identifier: Apache-2.0

extension Checkpoint {
    /// The discriminator in a checkpoint, for `Discriminator.init`; nil where the file holds none, which is in all formats but
    /// NVIDIA's network pickles of PyTorch.
    ///
    /// - Throws: `CheckpointError` when there is one that is malformed or of an unsupported kind
    public static func discriminator(in file: MappedFile) throws -> (any CheckpointReader)? {
        guard try recognize(file) == .pickle else { return nil }
        let document = try PickleMachine.run(ByteView(file))
        let isThere = document.entries(document.root)?.contains { entry in
            document.isText(entry.key, "D") && document.arguments(entry.value, of: .persistentObject) != nil
        }
        guard isThere == true else { return nil }
        let network = try NVIDIANetwork(document, name: "D")
        return AssembledCheckpoint(
            formatName: "PyTorch network pickle",
            metadata: try NVIDIANetworkAttributes(network).discriminatorMetadata(),
            tensors: network.sources, unused: [])
    }
}
