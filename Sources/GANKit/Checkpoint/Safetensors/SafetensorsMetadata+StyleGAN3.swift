// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The geometry of a StyleGAN3 network lies under one key for the input and one for each layer, as numbers with names:
/// `stylegan3.L0_36_1024` is `in_size=36 out_size=36 up_factor=2 ...`.
extension SafetensorsMetadata {
    private static let prefix = "stylegan3."
    private static let inputKey = prefix + "input"

    static func encode(_ geometry: StyleGAN3Geometry) -> [String: String] {
        var strings = [
            inputKey: text([
                ("size", Double(geometry.inputSize)), ("sampling_rate", geometry.inputSamplingRate),
                ("bandwidth", geometry.inputBandwidth), ("output_scale", Double(geometry.outputScale)),
            ])
        ]
        for (index, layer) in geometry.layers.enumerated() {
            strings[prefix + layer.name] = text([
                ("index", Double(index)), ("in_size", Double(layer.inSize)), ("out_size", Double(layer.outSize)),
                ("up_factor", Double(layer.upFactor)), ("down_factor", Double(layer.downFactor)),
                ("up_taps", Double(layer.upTaps)), ("down_taps", Double(layer.downTaps)),
                ("down_radial", layer.isRadial ? 1 : 0), ("tmp_sampling_rate", layer.samplingRate),
                ("in_cutoff", layer.inCutoff), ("in_half_width", layer.inHalfWidth),
                ("out_cutoff", layer.outCutoff), ("out_half_width", layer.outHalfWidth),
            ])
        }
        return strings
    }

    /// nil when there is none.
    ///
    /// - Throws: `CheckpointError.malformed` that names the key and the value.
    static func decodeStyleGAN3(_ strings: [String: String]) throws -> StyleGAN3Geometry? {
        guard let input = try strings[inputKey].map({ try Fields(key: inputKey, text: $0) }) else { return nil }
        var layers: [(index: Int, layer: StyleGAN3Geometry.Layer)] = []
        for (key, text) in strings where key.hasPrefix(prefix) && key != inputKey {
            let fields = try Fields(key: key, text: text)
            let layer = StyleGAN3Geometry.Layer(
                name: String(key.dropFirst(prefix.count)), inSize: try fields.integer("in_size"),
                outSize: try fields.integer("out_size"), upFactor: try fields.integer("up_factor"),
                downFactor: try fields.integer("down_factor"), upTaps: try fields.integer("up_taps"),
                downTaps: try fields.integer("down_taps"), isRadial: try fields.number("down_radial") != 0,
                samplingRate: try fields.number("tmp_sampling_rate"), inCutoff: try fields.number("in_cutoff"),
                inHalfWidth: try fields.number("in_half_width"), outCutoff: try fields.number("out_cutoff"),
                outHalfWidth: try fields.number("out_half_width"))
            layers.append((try fields.integer("index"), layer))
        }
        layers.sort { $0.index < $1.index }
        return StyleGAN3Geometry(
            inputSize: try input.integer("size"), inputSamplingRate: try input.number("sampling_rate"),
            inputBandwidth: try input.number("bandwidth"), outputScale: Float(try input.number("output_scale")),
            layers: layers.map(\.layer))
    }

    /// Numbers in the shortest form that reads back as the same ones.
    private static func text(_ fields: [(name: String, value: Double)]) -> String {
        fields.map { name, value in
            "\(name)=" + (Int(exactly: value).map(String.init) ?? String(value))
        }.joined(separator: " ")
    }

    /// The numbers under one key.
    private struct Fields {
        let key: String
        let text: String
        private var values: [Substring: Double] = [:]

        init(key: String, text: String) throws {
            self.key = key
            self.text = text
            for field in text.split(separator: " ") {
                let parts = field.split(separator: "=", omittingEmptySubsequences: false)
                guard parts.count == 2, let value = Double(parts[1]), value.isFinite else {
                    throw SafetensorsMetadata.malformed(key, text, "numbers as 'name=1.5', separated by spaces")
                }
                values[parts[0]] = value
            }
        }

        func number(_ name: String) throws -> Double {
            guard let value = values[Substring(name)] else {
                throw SafetensorsMetadata.malformed(key, text, "a number '\(name)' among others")
            }
            return value
        }

        func integer(_ name: String) throws -> Int {
            guard let value = Int(exactly: try number(name)) else {
                throw SafetensorsMetadata.malformed(key, text, "an integer '\(name)' among others")
            }
            return value
        }
    }
}
