// SPDX-License-Identifier: Apache-2.0

/// The classic DCGAN generator in a PyTorch state dict, whatever its modules are called: a stem (a transposed convolution
/// of a 1x1 image, or a fully connected layer), then transposed convolutions that double the size, all but the last with
/// batch normalisation. The order of the tensors is that of the modules.
///
/// A state dict has neither strides nor activations: they are those of Radford et al., "Unsupervised representation learning
/// with deep convolutional generative adversarial networks", 2016, as PyTorch's tutorial has them.
enum DCGANStateDict {
    /// `torch.nn.BatchNorm2d`'s default.
    private static let epsilon = 1e-5

    static func recognize(_ dictionaries: [TorchStateDict]) throws -> TorchStateDictReader.Found? {
        // Averaged weights make better pictures.
        let sorted = dictionaries.filter { $0.key.contains("ema") } + dictionaries.filter { !$0.key.contains("ema") }
        for dictionary in sorted {
            let modules = modules(of: dictionary)
            guard isGenerator(modules) else { continue }
            var directory = TensorDirectory(dictionary.tensors)
            let stages = try stages(of: modules, in: &directory)
            let traits = try traits(of: stages)
            return TorchStateDictReader.Found(
                metadata: CheckpointMetadata(architecture: "dcgan", dcgan: traits),
                tensors: DCGANStage.tensors(of: stages),
                unused: directory.rest.map { "tensor \($0.quoted)" }, keys: [dictionary.key])
        }
        return nil
    }

    /// The tensors of a module: "main.0" with "weight" and "bias".
    private struct Module {
        let path: String
        var shapes: [String: [Int]]

        func name(_ tensor: String) -> String { path.isEmpty ? tensor : "\(path).\(tensor)" }

        /// What the module is, by its weight.
        var weightRank: Int { shapes["weight"]?.count ?? 0 }
        var isNormalization: Bool { shapes["running_mean"] != nil || shapes["running_var"] != nil }
    }

    private static func modules(of dictionary: TorchStateDict) -> [Module] {
        var modules: [Module] = []
        for name in dictionary.names {
            let (path, tensor) = name.moduleAndTensor
            let shape = dictionary.tensors[name]?.shape ?? []
            if modules.last?.path == path {
                modules[modules.count - 1].shapes[tensor] = shape
            } else {
                modules.append(Module(path: path, shapes: [tensor: shape]))
            }
        }
        return modules
    }

    /// Whether each layer takes the channels that the one before makes, down to a picture; of a discriminator, whose
    /// convolutions have the outputs first, that is not so.
    private static func isGenerator(_ modules: [Module]) -> Bool {
        let layers = modules.filter { !$0.isNormalization }
        guard layers.count >= 3, layers.dropFirst().allSatisfy({ $0.weightRank == 4 }),
            let stem = layers.first?.shapes["weight"], stem.count == 4 || stem.count == 2,
            let last = layers.last?.shapes["weight"], [1, 3].contains(last[1])
        else { return false }
        for (previous, next) in zip(layers, layers.dropFirst()) {
            guard let made = previous.shapes["weight"], let taken = next.shapes["weight"]?[0], taken > 0 else {
                return false
            }
            guard made.count == 4 ? made[1] == taken : made[0].isMultiple(of: taken) else { return false }
        }
        return true
    }

    private static func stages(of modules: [Module], in directory: inout TensorDirectory) throws -> [DCGANStage] {
        var stages: [DCGANStage] = []
        for (index, module) in modules.enumerated() {
            if module.isNormalization {
                guard !stages.isEmpty, stages[stages.count - 1].normalization == nil else {
                    throw CheckpointError.unsupported(
                        detail: "batch normalisation \(module.path.quoted) follows no convolution")
                }
                stages[stages.count - 1].normalization = try normalization(
                    module, channels: stages[stages.count - 1].outputs, in: &directory)
            } else if module.weightRank == 2 {
                guard let channels = modules[(index + 1)...].first(where: { $0.weightRank == 4 })?.shapes["weight"]?[0]
                else { continue }
                stages.append(try linearStem(module, channels: channels, in: &directory))
            } else {
                let weight = try directory.take(module.name("weight"), [nil, nil, nil, nil])
                let bias = try bias(of: module, count: weight.shape[1], in: &directory)
                stages.append(DCGANStage(weight: weight, bias: bias))
            }
        }
        return stages
    }

    private static func bias(
        of module: Module, count: Int, in directory: inout TensorDirectory
    ) throws -> TensorSource? {
        module.shapes["bias"] == nil ? nil : try directory.take(module.name("bias"), [count])
    }

    private static func normalization(
        _ module: Module, channels: Int, in directory: inout TensorDirectory
    ) throws -> DCGANStage.Normalization {
        // A counter of training steps.
        if module.shapes["num_batches_tracked"] != nil {
            _ = try directory.take(module.name("num_batches_tracked"), [])
        }
        return DCGANStage.Normalization(
            gamma: try directory.take(module.name("weight"), [channels]),
            beta: try directory.take(module.name("bias"), [channels]),
            mean: try directory.take(module.name("running_mean"), [channels]),
            variance: try directory.take(module.name("running_var"), [channels]), epsilon: epsilon)
    }

    /// A fully connected layer whose outputs are the pixels of a square image, [C, H, W].
    private static func linearStem(
        _ module: Module, channels: Int, in directory: inout TensorDirectory
    ) throws -> DCGANStage {
        let weight = try directory.take(module.name("weight"), [nil, nil])
        let side = try DCGANStage.side(of: weight, outputs: weight.shape[0], channels: channels)
        let bias = try bias(of: module, count: weight.shape[0], in: &directory)
        return DCGANStage(
            weight: weight.permuted([1, 0]).reshaped([weight.shape[1], channels, side, side]),
            bias: bias?.reshaped([channels, side, side]))
    }

    /// 4x4 filters go with stride 2 and padding 1, 5x5 filters with stride 2, padding 2 and output padding 1: both
    /// double the size.
    private static func traits(of stages: [DCGANStage]) throws -> DCGANTraits {
        var paddings: [Int] = []
        for stage in stages.dropFirst() {
            switch (stage.weight.shape[2], stage.weight.shape[3]) {
            case (4, 4): paddings.append(1)
            case (5, 5): paddings.append(2)
            case (let height, let width):
                throw CheckpointError.unsupported(
                    detail: "tensor \(stage.weight.name.quoted): transposed convolutions of \(height)x\(width) are not "
                        + "supported in a DCGAN, only 4x4 and 5x5")
            }
        }
        return DCGANTraits(strides: paddings.map { _ in 2 }, paddings: paddings)
    }
}
