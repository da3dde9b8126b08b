// SPDX-License-Identifier: Apache-2.0

/// What the attributes of a network's modules say beside its tensors.
struct NVIDIANetworkAttributes {
    let network: NVIDIANetwork

    init(_ network: NVIDIANetwork) {
        self.network = network
    }

    private var modules: [TorchModule] { network.modules }

    /// - Throws: `CheckpointError.unsupported` when the network is no StyleGAN generator, or one whose layers differ
    ///   in what the official code has them share.
    func metadata() throws -> CheckpointMetadata {
        var metadata = CheckpointMetadata(architecture: try architecture())
        try checkActivations(modules(ofClass: "SynthesisLayer") + mappingLayers)
        if let value = try mappingLearningRateMultiplier() {
            metadata.mappingLearningRateMultiplier = value
        }
        // Pickles older than the attribute are of the only architecture there was.
        if let value = try blockArchitecture(modules(ofClass: "SynthesisBlock"), default: .skip) {
            metadata.blockArchitecture = value
        }
        metadata.convClamp = try convClamp(modules(ofClass: "SynthesisLayer", "ToRGBLayer"))
        if metadata.architecture == "stylegan3" {
            metadata.styleGAN3 = try styleGAN3Geometry()
        }
        return metadata
    }

    /// The modules of some classes.
    func modules(ofClass names: String...) -> [TorchModule] {
        modules.filter { names.contains($0.className) }
    }

    /// StyleGAN3's synthesis network has an input module, StyleGAN2's has blocks.
    private func architecture() throws -> String {
        guard network.className == "Generator" else {
            throw CheckpointError.unsupported(
                detail: "the network is a \(network.className.quoted), not a 'Generator'")
        }
        if modules.contains(where: { $0.path == "synthesis.input" && $0.className == "SynthesisInput" }) {
            return "stylegan3"
        }
        guard modules.contains(where: { $0.path == "synthesis.b4" && $0.className == "SynthesisBlock" }) else {
            throw CheckpointError.unsupported(detail: "the generator is neither a StyleGAN2 nor a StyleGAN3")
        }
        return "stylegan2"
    }

    /// Refuses layers with another activation than leaky ReLU.
    func checkActivations(_ layers: [TorchModule]) throws {
        for layer in layers {
            if let activation = layer.attributes.text("activation"), activation != "lrelu" {
                throw CheckpointError.unsupported(
                    detail: "layer \(layer.path.quoted) has activation \(activation.quoted), only 'lrelu' is supported")
            }
        }
    }

    /// The fully connected layers of the mapping network.
    var mappingLayers: [TorchModule] {
        modules.filter { $0.className == "FullyConnectedLayer" && $0.path.hasPrefix("mapping.fc") }
    }

    /// `bias_gain` is the multiplier, `weight_gain` is multiplier / sqrt(inputs); nil without mapping layers.
    func mappingLearningRateMultiplier() throws -> Float? {
        let multiplier = try shared(mappingLayers, "learning rate multiplier") { layer in
            if let gain = layer.attributes.number("bias_gain") {
                return Float(gain)
            }
            guard let gain = layer.attributes.number("weight_gain"),
                let inputs = network.shape(of: layer.path + ".weight")?.last
            else {
                return CheckpointMetadata().mappingLearningRateMultiplier
            }
            return Float(gain * Double(inputs).squareRoot())
        }
        if let multiplier, !(multiplier > 0 && multiplier.isFinite) {
            throw CheckpointError.malformed(detail: "the mapping network's learning rate multiplier is \(multiplier)")
        }
        return multiplier
    }

    /// How blocks are wired; nil without blocks.
    ///
    /// - Parameter standard: of blocks that do not say
    func blockArchitecture(
        _ blocks: [TorchModule], default standard: CheckpointMetadata.BlockArchitecture
    ) throws -> CheckpointMetadata.BlockArchitecture? {
        try shared(blocks, "architecture") { block in
            guard let name = block.attributes.text("architecture") else { return standard }
            guard let architecture = CheckpointMetadata.BlockArchitecture(rawValue: name) else {
                throw CheckpointError.unsupported(
                    detail: "block \(block.path.quoted) has architecture \(name.quoted)")
            }
            return architecture
        }
    }

    /// The bound of some layers, nil for none.
    func convClamp(_ layers: [TorchModule]) throws -> Float? {
        let clamp = try shared(layers, "conv_clamp") { layer in
            layer.attributes.number("conv_clamp").map { Float($0) }
        }
        guard let clamp, let clamp else { return nil }
        guard clamp > 0, clamp.isFinite else {
            throw CheckpointError.malformed(detail: "conv_clamp is \(clamp)")
        }
        return clamp
    }

    /// The value that all layers have in common; nil without layers.
    private func shared<Value: Equatable>(
        _ layers: [TorchModule], _ what: String, _ value: (TorchModule) throws -> Value
    ) throws -> Value? {
        guard let first = layers.first else { return nil }
        let common = try value(first)
        for layer in layers.dropFirst() where try value(layer) != common {
            throw CheckpointError.unsupported(
                detail: "layers \(first.path.quoted) and \(layer.path.quoted) differ in their \(what)")
        }
        return common
    }
}
