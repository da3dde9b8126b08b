// SPDX-License-Identifier: Apache-2.0

extension NVIDIANetworkAttributes {
    /// - Throws: `CheckpointError.unsupported` when the network is no StyleGAN2 discriminator, or one whose layers differ in
    ///   what the official code has them share.
    func discriminatorMetadata() throws -> CheckpointMetadata {
        guard network.className == "Discriminator",
            network.modules.contains(where: { $0.path == "b4" && $0.className == "DiscriminatorEpilogue" })
        else {
            throw CheckpointError.unsupported(
                detail: "the network is a \(network.className.quoted), not a StyleGAN2 'Discriminator'")
        }
        var metadata = CheckpointMetadata(architecture: Discriminator.architecture)
        let layers = modules(ofClass: "Conv2dLayer")
        try checkActivations(layers.filter { !$0.path.hasSuffix(".skip") } + mappingLayers)
        metadata.blockArchitecture =
            try blockArchitecture(modules(ofClass: "DiscriminatorBlock"), default: .resnet) ?? .resnet
        // The skips, and the epilogue's fromrgb, have no bound.
        let bounded = layers.filter { !$0.path.hasSuffix(".skip") && $0.path != "b4.fromrgb" }
        metadata.convClamp = try convClamp(bounded)
        if let multiplier = try mappingLearningRateMultiplier() {
            metadata.mappingLearningRateMultiplier = multiplier
        }
        return metadata
    }
}
