// SPDX-License-Identifier: Apache-2.0

/// What the TensorFlow networks of StyleGAN and StyleGAN2 have in common: the mapping network and the noise images.
struct TensorFlowMapping {
    let network: TensorFlowNetwork

    /// - Throws: `CheckpointError.unsupported` when an argument is not what the official networks have
    func checkArguments() throws {
        for (name, expected) in [("nonlinearity", "lrelu"), ("mapping_nonlinearity", "lrelu")] {
            if let value = network.text(name), value != expected {
                throw CheckpointError.unsupported(
                    detail:
                        "argument \(name.quoted) of the network is \(value.quoted), only \(expected.quoted) is supported"
                )
            }
        }
        for (name, expected) in [
            ("normalize_latents", true), ("use_wscale", true), ("use_styles", true), ("use_instance_norm", true),
            ("use_noise", true), ("use_pixel_norm", false), ("const_input_layer", true),
        ] {
            if let value = network.flag(name), value != expected {
                throw CheckpointError.unsupported(
                    detail: "argument \(name.quoted) of the network is \(value), only \(expected) is supported")
            }
        }
    }

    /// `mapping_lrmul`
    func learningRateMultiplier() throws -> Float {
        let value = Float(network.number("mapping_lrmul") ?? 0.01)
        guard value > 0, value.isFinite else {
            throw CheckpointError.malformed(detail: "argument 'mapping_lrmul' of the network is \(value)")
        }
        return value
    }

    /// `mapping.fc0.weight` and the following, and `mapping.w_avg`. TensorFlow's matrices are [inputs, outputs].
    func tensors(_ directory: inout TensorDirectory) throws -> [String: TensorSource] {
        guard !directory.contains("mapping/LabelConcat/weight") else {
            throw CheckpointError.unsupported(
                detail: "the network is conditional in the way of 2019 ('mapping/LabelConcat/weight'), which is not "
                    + "supported; 'mapping/LabelEmbed/weight' is")
        }
        var tensors = ["mapping.w_avg": try directory.take("dlatent_avg", [nil])]
        var index = 0
        repeat {
            let name = "mapping/Dense\(index)"
            tensors["mapping.fc\(index).weight"] = try directory.take("\(name)/weight", [nil, nil]).permuted([1, 0])
            tensors["mapping.fc\(index).bias"] = try directory.take("\(name)/bias", [nil])
            index += 1
        } while directory.contains("mapping/Dense\(index)/weight")
        if directory.contains("mapping/LabelEmbed/weight") {
            tensors["mapping.embed.weight"] = try directory.take("mapping/LabelEmbed/weight", [nil, nil])
                .permuted([1, 0])
            tensors["mapping.embed.bias"] = try directory.take("mapping/LabelEmbed/bias", [nil])
        }
        return tensors
    }

    /// The resolutions that the variables of the synthesis network name: "synthesis/4x4/...".
    func resolutions(_ directory: TensorDirectory) throws -> [Int] {
        let largest = directory.names.compactMap { name -> Int? in
            let parts = name.split(separator: "/")
            guard parts.count > 2, parts[0] == "synthesis" else { return nil }
            let sides = parts[1].split(separator: "x")
            guard sides.count == 2, sides[0] == sides[1] else { return nil }
            return Int(sides[0])
        }.max()
        guard let largest, (4...1 << 16).contains(largest), largest.nonzeroBitCount == 1 else {
            throw CheckpointError.unsupported(
                detail:
                    "the largest layers of the synthesis network are of \(largest ?? 0) pixels, which is no power of "
                    + "two from 4")
        }
        return (2...largest.trailingZeroBitCount).map { 1 << $0 }
    }

    /// Noise image number `index`, [H, W].
    func noise(_ index: Int, resolution: Int, _ directory: inout TensorDirectory) throws -> TensorSource {
        try directory.take("synthesis/noise\(index)", [1, 1, resolution, resolution]).reshaped([resolution, resolution])
    }

    /// What the smallest block starts from: [channels, 4, 4].
    func constant(_ folder: String, _ directory: inout TensorDirectory) throws -> TensorSource {
        let constant = try directory.take("\(folder)/Const/const", [1, nil, 4, 4])
        return constant.reshaped(Array(constant.shape[1...]))
    }
}
