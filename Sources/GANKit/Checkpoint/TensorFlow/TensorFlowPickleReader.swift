// SPDX-License-Identifier: Apache-2.0

/// Reads the network pickles of NVIDIA's TensorFlow repositories, StyleGAN and StyleGAN2: a tuple of the networks G, D and
/// Gs, of which Gs, the moving average of G, makes pictures.
enum TensorFlowPickleReader {
    static let formatName = "TensorFlow network pickle"

    /// The networks at the root of a pickle, or nil when it is of another kind.
    static func networks(in document: PickleDocument) -> [PickleValue]? {
        func isNetwork(_ value: PickleValue) -> Bool { document.arguments(value, of: .tensorFlowNetwork) != nil }
        if isNetwork(document.root) { return [document.root] }
        guard let items = document.sequence(document.root), let first = items.first, isNetwork(first) else {
            return nil
        }
        return items
    }

    /// - Parameter network: which entry to read: "Gs", or "G" for the network of the last training step
    static func read(_ networks: [PickleValue], in document: PickleDocument) throws -> AssembledCheckpoint {
        // A pickle of one network is that network.
        let index = networks.count == 1 ? 0 : 2
        guard networks.indices.contains(index) else {
            throw CheckpointError.malformed(detail: "network 'Gs' is missing; the tuple has \(networks.count) entries")
        }
        let network = try TensorFlowNetwork(networks[index], in: document)
        var directory = TensorDirectory(network.variables)
        try checkGrowth(of: network, in: &directory)
        let assembled: (metadata: CheckpointMetadata, tensors: [String: TensorSource])
        switch network.functions[""] {
        case "G_style": assembled = try StyleGANVariables(network).assemble(&directory)
        case "G_main": assembled = try StyleGAN2Variables(network).assemble(&directory)
        case let function:
            throw CheckpointError.unsupported(
                detail: "the network was built by \((function ?? "").quoted), only 'G_style' (StyleGAN) and 'G_main' "
                    + "(StyleGAN2) are supported")
        }
        let others = ["G", "D"].prefix(index).map { "network \($0.quoted)" }
        return AssembledCheckpoint(
            formatName: formatName, metadata: assembled.metadata, tensors: assembled.tensors,
            unused: directory.rest.map { "tensor \($0.quoted)" } + others)
    }

    /// While it grows, a progressive network mixes the pictures of two resolutions: `lod` says how far it is from the
    /// full one.
    private static func checkGrowth(of network: TensorFlowNetwork, in directory: inout TensorDirectory) throws {
        for name in ["lod", "synthesis/lod"] where directory.contains(name) {
            let lod = try directory.take(name, []).tensor().elements[0]
            guard lod == 0 else {
                throw CheckpointError.unsupported(
                    detail: "the network was saved while it grew: 'lod' is \(lod), only 0 is supported")
            }
        }
    }
}
