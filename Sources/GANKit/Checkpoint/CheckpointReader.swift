// SPDX-License-Identifier: Apache-2.0

/// Random access to the parameters of one generator, whatever file they lie in.
///
/// Names are those of the official PyTorch state dict of `G_ema`
/// (`mapping.fc0.weight`, `synthesis.b64.conv0.affine.weight`), whatever the file calls them.
public protocol CheckpointReader: Sendable {
    /// The format as people call it, for messages: "safetensors", "PyTorch network pickle".
    var formatName: String { get }

    /// What the tensors do not tell.
    var metadata: CheckpointMetadata { get }

    /// All tensor names, sorted.
    var tensorNames: [String] { get }

    /// What the file holds beside this network, by the names of the file: other networks, optimisers, counters.
    var unused: [String] { get }

    /// The shape of a tensor, or nil when there is none of that name. Reads no elements.
    func shape(of name: String) -> [Int]?

    /// Reads a tensor, widened to Float32 where the file holds F16 or BF16.
    ///
    /// - Throws: `CheckpointError.missingTensor` and whatever the format can get wrong.
    func tensor(_ name: String) throws -> Tensor
}

extension CheckpointReader {
    /// Nothing.
    public var unused: [String] { [] }
}
