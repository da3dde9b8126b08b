// SPDX-License-Identifier: Apache-2.0

/// The names of rosinality/stylegan2-pytorch: another implementation of the same network, whose tensors differ in nothing
/// but their names, axes of length 1 and the scale of the low-pass.
enum RosinalityNames {
    /// What its `generate.py` averages over, since checkpoints of training hold no average.
    private static let averageSamples = 4096

    static func recognize(_ dictionaries: [TorchStateDict]) throws -> TorchStateDictReader.Found? {
        let candidates = dictionaries.filter {
            $0.tensors["input.input"] != nil && $0.tensors["conv1.conv.weight"] != nil
        }
        guard let dictionary = candidates.first(where: { $0.key == "g_ema" }) ?? candidates.first else { return nil }
        var directory = TensorDirectory(dictionary.tensors)
        var tensors: [String: TensorSource] = [:]
        for name in dictionary.names {
            if let (official, source) = try translate(name, in: &directory) {
                tensors[official] = source
            }
        }
        var metadata = CheckpointMetadata()
        var keys: Set = [dictionary.key]
        if let root = dictionaries.first(where: { $0.key.isEmpty }), let average = root.tensors["latent_avg"] {
            tensors["mapping.w_avg"] = try average.expecting([nil])
            if root.names == ["latent_avg"] { keys.insert("") }
        } else {
            metadata.averageSamples = averageSamples
        }
        return TorchStateDictReader.Found(
            metadata: metadata, tensors: tensors, unused: directory.rest.map { "tensor \($0.quoted)" },
            keys: keys)
    }

    /// - Returns: our name and the converted tensor, or nil for a name that means nothing here
    private static func translate(
        _ name: String, in directory: inout TensorDirectory
    ) throws -> (String, TensorSource)? {
        let parts = name.split(separator: ".").map(String.init)
        switch (parts.first, parts.count) {
        case ("style", 3):
            // style.0 normalises z and has no tensors.
            guard let number = Int(parts[1]), number > 0, ["weight", "bias"].contains(parts[2]) else { return nil }
            let shape: [Int?] = parts[2] == "weight" ? [nil, nil] : [nil]
            return ("mapping.fc\(number - 1).\(parts[2])", try directory.take(name, shape))
        case ("input", 2):
            guard parts[1] == "input" else { return nil }
            let source = try directory.take(name, [1, nil, 4, 4])
            return ("synthesis.b4.const", source.reshaped(Array(source.shape[1...])))
        case ("conv1", 3...4):
            return try layer(name, Array(parts[1...]), block: "b4", "conv1", in: &directory)
        case ("convs", 4...5):
            guard let (block, index) = position(parts[1], perBlock: 2) else { return nil }
            return try layer(name, Array(parts[2...]), block: block, "conv\(index)", in: &directory)
        case ("to_rgb1", 2...4):
            return try layer(name, Array(parts[1...]), block: "b4", "torgb", in: &directory)
        case ("to_rgbs", 3...5):
            guard let (block, _) = position(parts[1], perBlock: 1) else { return nil }
            return try layer(name, Array(parts[2...]), block: block, "torgb", in: &directory)
        case ("noises", 2):
            guard parts[1].hasPrefix("noise_"), let number = Int(parts[1].dropFirst(6)), number >= 0 else { return nil }
            let source = try directory.take(name, [1, 1, nil, nil])
            let target = number == 0 ? "b4.conv1" : position(String(number - 1), perBlock: 2).map { "\($0).conv\($1)" }
            return target.map { ("synthesis.\($0).noise_const", source.reshaped(Array(source.shape[2...]))) }
        default:
            return nil
        }
    }

    /// A tensor of one layer.
    private static func layer(
        _ name: String, _ rest: [String], block: String, _ layer: String, in directory: inout TensorDirectory
    ) throws -> (String, TensorSource)? {
        let target = "synthesis.\(block).\(layer)"
        let isRGB = layer == "torgb"
        switch rest.joined(separator: ".") {
        case "conv.weight":
            let source = try directory.take(name, isRGB ? [1, nil, nil, 1, 1] : [1, nil, nil, 3, 3])
            return ("\(target).weight", source.reshaped(Array(source.shape[1...])))
        case "conv.modulation.weight":
            return ("\(target).affine.weight", try directory.take(name, [nil, nil]))
        case "conv.modulation.bias":
            return ("\(target).affine.bias", try directory.take(name, [nil]))
        case "noise.weight" where !isRGB:
            return ("\(target).noise_strength", try directory.take(name, [1]).reshaped([]))
        case "activate.bias" where !isRGB:
            return ("\(target).bias", try directory.take(name, [nil]))
        case "bias" where isRGB:
            let source = try directory.take(name, [1, nil, 1, 1])
            return ("\(target).bias", source.reshaped([source.shape[1]]))
        case "conv.blur.kernel" where layer == "conv0":
            // Already multiplied by the gain of up-sampling.
            return ("\(target).resample_filter", try directory.take(name, [nil, nil]).mapped { $0 / 4 })
        case "upsample.kernel" where isRGB:
            return ("synthesis.\(block).resample_filter", try directory.take(name, [nil, nil]).mapped { $0 / 4 })
        default:
            return nil
        }
    }

    /// The block that item `text` of a list belongs to, which begins with 8x8, and its place in there.
    private static func position(_ text: String, perBlock: Int) -> (block: String, index: Int)? {
        guard let number = Int(text), (0..<32).contains(number) else { return nil }
        return ("b\(8 << (number / perBlock))", number % perBlock)
    }
}
