// SPDX-License-Identifier: Apache-2.0

/// The variables of a TensorFlow StyleGAN2 (configs b to f) under the official PyTorch names. Filters go from
/// [kh, kw, I, O] to [O, I, kh, kw], matrices from [inputs, outputs] to [outputs, inputs], the biases of styles gain the 1
/// that TensorFlow adds at run time, and up-sampling filters are turned by 180 degrees, since its up-sampling convolution
/// is a true convolution.
///
/// Configs b to d grow: they have a ToRGB layer for each resolution, of which the fully grown network uses the last one
/// alone, as the architecture "orig" does.
struct StyleGAN2Variables {
    private let network: TensorFlowNetwork
    private let mapping: TensorFlowMapping

    init(_ network: TensorFlowNetwork) {
        self.network = network
        mapping = TensorFlowMapping(network: network)
    }

    func assemble(
        _ directory: inout TensorDirectory
    ) throws -> (metadata: CheckpointMetadata, tensors: [String: TensorSource]) {
        try mapping.checkArguments()
        var metadata = CheckpointMetadata(
            blockArchitecture: try blockArchitecture(),
            mappingLearningRateMultiplier: try mapping.learningRateMultiplier())
        if let clamp = network.number("conv_clamp") {
            guard clamp > 0, Float(clamp).isFinite else {
                throw CheckpointError.malformed(detail: "argument 'conv_clamp' of the network is \(clamp)")
            }
            metadata.convClamp = Float(clamp)
        }
        var tensors = try mapping.tensors(&directory)
        let filter = try resampleFilter()
        let resolutions = try mapping.resolutions(directory)
        for (index, resolution) in resolutions.enumerated() {
            let folder = "synthesis/\(resolution)x\(resolution)"
            let block = "synthesis.b\(resolution)"
            tensors["\(block).resample_filter"] = filter
            if index == 0 {
                tensors["\(block).const"] = try mapping.constant(folder, &directory)
                try addLayer(folder + "/Conv", block + ".conv1", resolution, noise: 0, to: &tensors, &directory)
            } else {
                try addLayer(
                    folder + "/Conv0_up", block + ".conv0", resolution, noise: 2 * index - 1, isUpsampling: true,
                    to: &tensors, &directory)
                try addLayer(
                    folder + "/Conv1", block + ".conv1", resolution, noise: 2 * index, to: &tensors, &directory)
                tensors["\(block).conv0.resample_filter"] = filter
                if metadata.blockArchitecture == .resnet {
                    tensors["\(block).skip.weight"] = try directory.take("\(folder)/Skip/weight", [1, 1, nil, nil])
                        .permuted([3, 2, 0, 1])
                    tensors["\(block).skip.resample_filter"] = filter
                }
            }
            if metadata.blockArchitecture == .skip || resolution == resolutions.last {
                let last = "synthesis/ToRGB_lod0"
                try addRGB(
                    directory.contains("\(last)/weight") ? last : folder + "/ToRGB", block + ".torgb", to: &tensors,
                    &directory)
            }
        }
        return (metadata, tensors)
    }

    private func blockArchitecture() throws -> CheckpointMetadata.BlockArchitecture {
        switch network.functions["synthesis"] {
        case "G_synthesis_stylegan_revised": return .orig
        case "G_synthesis_stylegan2":
            let name = network.text("architecture") ?? "skip"
            guard let known = CheckpointMetadata.BlockArchitecture(rawValue: name) else {
                throw CheckpointError.unsupported(
                    detail: "argument 'architecture' of the network is \(name.quoted), only skip, resnet and orig are "
                        + "supported")
            }
            return known
        case let function:
            throw CheckpointError.unsupported(
                detail:
                    "the synthesis network was built by \((function ?? "").quoted), only 'G_synthesis_stylegan2' and "
                    + "'G_synthesis_stylegan_revised' are supported")
        }
    }

    private func addLayer(
        _ folder: String, _ layer: String, _ resolution: Int, noise: Int, isUpsampling: Bool = false,
        to tensors: inout [String: TensorSource], _ directory: inout TensorDirectory
    ) throws {
        tensors["\(layer).weight"] = try directory.take("\(folder)/weight", [3, 3, nil, nil])
            .permuted([3, 2, 0, 1], reversing: isUpsampling ? [2, 3] : [])
        tensors["\(layer).bias"] = try directory.take("\(folder)/bias", [nil])
        tensors["\(layer).noise_strength"] = try directory.take("\(folder)/noise_strength", [])
        tensors["\(layer).noise_const"] = try mapping.noise(noise, resolution: resolution, &directory)
        try addStyle(folder, layer, to: &tensors, &directory)
    }

    private func addRGB(
        _ folder: String, _ layer: String, to tensors: inout [String: TensorSource], _ directory: inout TensorDirectory
    ) throws {
        tensors["\(layer).weight"] = try directory.take("\(folder)/weight", [1, 1, nil, nil]).permuted([3, 2, 0, 1])
        tensors["\(layer).bias"] = try directory.take("\(folder)/bias", [nil])
        try addStyle(folder, layer, to: &tensors, &directory)
    }

    private func addStyle(
        _ folder: String, _ layer: String, to tensors: inout [String: TensorSource], _ directory: inout TensorDirectory
    ) throws {
        tensors["\(layer).affine.weight"] = try directory.take("\(folder)/mod_weight", [nil, nil]).permuted([1, 0])
        tensors["\(layer).affine.bias"] = try directory.take("\(folder)/mod_bias", [nil]).mapped { $0 + 1 }
    }

    /// The outer product of `resample_kernel` with itself, of sum 1.
    private func resampleFilter() throws -> TensorSource {
        let taps = network.numbers("resample_kernel") ?? [1, 3, 3, 1]
        let sum = taps.reduce(0, +)
        guard !taps.isEmpty, sum != 0, sum.isFinite else {
            throw CheckpointError.malformed(detail: "argument 'resample_kernel' of the network is \(taps)")
        }
        let elements = taps.flatMap { row in taps.map { Float(row * $0 / (sum * sum)) } }
        return TensorSource(
            name: "resample_kernel", constant: try Tensor(shape: [taps.count, taps.count], elements: elements))
    }
}
