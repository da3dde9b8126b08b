// SPDX-License-Identifier: Apache-2.0

/// The variables of a TensorFlow StyleGAN (and of StyleGAN2's config a, which is the same network) under our names, which
/// follow those of StyleGAN2 where a layer has a counterpart there. The constant input's layer, which has no convolution, is
/// `b4.conv0`.
///
/// Filters go from [kh, kw, I, O] to [O, I, kh, kw]. Up to 64x64 an up-sampling layer repeats pixels and convolves; from
/// 128x128 on it is a transposed convolution, fused in TensorFlow from the same filter, which meets the pixels in the
/// opposite order: those filters are turned by 180 degrees, so that both are the first kind here.
struct StyleGANVariables {
    /// The smallest output of a fused layer.
    private static let smallestFused = 128
    /// `truncation_cutoff` of the official networks.
    private static let truncationCutoff = 8

    private let network: TensorFlowNetwork
    private let mapping: TensorFlowMapping

    init(_ network: TensorFlowNetwork) {
        self.network = network
        mapping = TensorFlowMapping(network: network)
    }

    func assemble(
        _ directory: inout TensorDirectory
    ) throws -> (metadata: CheckpointMetadata, tensors: [String: TensorSource]) {
        guard network.functions["synthesis"] == "G_synthesis" else {
            throw CheckpointError.unsupported(
                detail: "the synthesis network was built by \((network.functions["synthesis"] ?? "").quoted), only "
                    + "'G_synthesis' is supported in a StyleGAN")
        }
        try mapping.checkArguments()
        if let filter = network.numbers("blur_filter"), filter != [1, 2, 1] {
            throw CheckpointError.unsupported(
                detail: "argument 'blur_filter' of the network is \(filter), only [1, 2, 1] is supported")
        }
        guard !directory.contains("mapping/LabelEmbed/weight") else {
            throw CheckpointError.unsupported(detail: "a StyleGAN with 'mapping/LabelEmbed/weight' is not supported")
        }
        let metadata = CheckpointMetadata(
            architecture: "stylegan", blockArchitecture: .orig,
            mappingLearningRateMultiplier: try mapping.learningRateMultiplier(),
            truncationCutoff: try truncationCutoff())
        var tensors = try mapping.tensors(&directory)
        // Here the gain of the mapping network's activation is in the weights alone, in StyleGAN2 it follows the bias.
        for (name, source) in tensors where name.hasPrefix("mapping.fc") && name.hasSuffix(".bias") {
            tensors[name] = source.mapped { $0 * Float(0.5).squareRoot() }
        }
        let resolutions = try mapping.resolutions(directory)
        for (index, resolution) in resolutions.enumerated() {
            let folder = "synthesis/\(resolution)x\(resolution)"
            let block = "synthesis.b\(resolution)"
            let (first, second) = index == 0 ? ("Const", "Conv") : ("Conv0_up", "Conv1")
            if index == 0 {
                tensors["\(block).const"] = try mapping.constant(folder, &directory)
            } else {
                let isFused = network.flag("fused_scale") ?? (resolution >= Self.smallestFused)
                tensors["\(block).conv0.weight"] = try directory.take("\(folder)/\(first)/weight", [3, 3, nil, nil])
                    .permuted([3, 2, 0, 1], reversing: isFused ? [2, 3] : [])
            }
            tensors["\(block).conv1.weight"] = try directory.take("\(folder)/\(second)/weight", [3, 3, nil, nil])
                .permuted([3, 2, 0, 1])
            for (place, layer) in [first, second].enumerated() {
                try addEpilogue(
                    "\(folder)/\(layer)", "\(block).conv\(place)", resolution, noise: 2 * index + place, to: &tensors,
                    &directory)
            }
        }
        let last = "synthesis.b\(resolutions[resolutions.count - 1]).torgb"
        tensors["\(last).weight"] = try directory.take("synthesis/ToRGB_lod0/weight", [1, 1, nil, nil])
            .permuted([3, 2, 0, 1])
        tensors["\(last).bias"] = try directory.take("synthesis/ToRGB_lod0/bias", [nil])
        return (metadata, tensors)
    }

    /// What follows each convolution: noise, bias, and the style.
    private func addEpilogue(
        _ folder: String, _ layer: String, _ resolution: Int, noise: Int, to tensors: inout [String: TensorSource],
        _ directory: inout TensorDirectory
    ) throws {
        tensors["\(layer).noise_const"] = try mapping.noise(noise, resolution: resolution, &directory)
        tensors["\(layer).noise_strength"] = try directory.take("\(folder)/Noise/weight", [nil])
        tensors["\(layer).bias"] = try directory.take("\(folder)/bias", [nil])
        tensors["\(layer).affine.weight"] = try directory.take("\(folder)/StyleMod/weight", [nil, nil])
            .permuted([1, 0])
        tensors["\(layer).affine.bias"] = try directory.take("\(folder)/StyleMod/bias", [nil])
    }

    private func truncationCutoff() throws -> Int {
        guard let value = network.number("truncation_cutoff") else { return Self.truncationCutoff }
        guard let cutoff = Int(exactly: value), cutoff >= 0 else {
            throw CheckpointError.malformed(detail: "argument 'truncation_cutoff' of the network is \(value)")
        }
        return cutoff
    }
}
