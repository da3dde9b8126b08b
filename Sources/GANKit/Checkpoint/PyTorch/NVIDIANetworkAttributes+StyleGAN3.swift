// SPDX-License-Identifier: Apache-2.0

extension NVIDIANetworkAttributes {
    /// The geometry that the modules of a StyleGAN3 synthesis network have as attributes.
    ///
    /// - Throws: `CheckpointError.malformed` that names the module and the attribute.
    func styleGAN3Geometry() throws -> StyleGAN3Geometry {
        let synthesis = try network.module("synthesis")
        let input = try network.module("synthesis.input")
        guard let names = synthesis.attributes.texts("layer_names"), !names.isEmpty else {
            throw CheckpointError.malformed(detail: "module 'synthesis': attribute 'layer_names' is no list of names")
        }
        return StyleGAN3Geometry(
            inputSize: try size(input, "size"), inputSamplingRate: try number(input, "sampling_rate"),
            inputBandwidth: try number(input, "bandwidth"),
            // Older than the attribute are no pickles, but the official default is known.
            outputScale: Float(synthesis.attributes.number("output_scale") ?? 0.25),
            layers: try names.map { try layer($0) })
    }

    private func layer(_ name: String) throws -> StyleGAN3Geometry.Layer {
        let module = try network.module("synthesis.\(name)")
        return StyleGAN3Geometry.Layer(
            name: name, inSize: try size(module, "in_size"), outSize: try size(module, "out_size"),
            upFactor: try integer(module, "up_factor"), downFactor: try integer(module, "down_factor"),
            upTaps: try integer(module, "up_taps"), downTaps: try integer(module, "down_taps"),
            isRadial: module.attributes.flag("down_radial") ?? false,
            samplingRate: try number(module, "tmp_sampling_rate"),
            inCutoff: try number(module, "in_cutoff"), inHalfWidth: try number(module, "in_half_width"),
            outCutoff: try number(module, "out_cutoff"), outHalfWidth: try number(module, "out_half_width"))
    }

    private func number(_ module: TorchModule, _ name: String) throws -> Double {
        guard let value = module.attributes.number(name), value.isFinite else {
            throw malformed(module, name, "a finite number")
        }
        return value
    }

    private func integer(_ module: TorchModule, _ name: String) throws -> Int {
        guard let value = module.attributes.number(name).flatMap({ Int(exactly: $0) }) else {
            throw malformed(module, name, "an integer")
        }
        return value
    }

    /// The height and width of a square.
    private func size(_ module: TorchModule, _ name: String) throws -> Int {
        guard let lengths = module.attributes.numbers(name), lengths.count == 2, lengths[0] == lengths[1],
            let length = Int(exactly: lengths[0])
        else {
            throw malformed(module, name, "two equal integers")
        }
        return length
    }

    private func malformed(_ module: TorchModule, _ name: String, _ expected: String) -> CheckpointError {
        .malformed(detail: "module \(module.path.quoted): attribute '\(name)' is not \(expected)")
    }
}
