// SPDX-License-Identifier: Apache-2.0

/// How `CheckpointMetadata` lies in the `__metadata__` of a safetensors file: strings under the keys below. Keys that
/// are absent mean the default, other keys are ignored.
enum SafetensorsMetadata {
    static let architecture = "architecture"
    static let blockArchitecture = "block_architecture"
    static let mappingLearningRateMultiplier = "mapping_lr_multiplier"
    static let convClamp = "conv_clamp"
    static let averageSamples = "w_avg_samples"
    static let truncationCutoff = "truncation_cutoff"
    static let name = "name"
    static let description = "description"
    static let license = "license"

    /// - Throws: `CheckpointError.malformed` that names the key and the value.
    static func decode(_ strings: [String: String]) throws -> CheckpointMetadata {
        var metadata = CheckpointMetadata()
        if let value = strings[architecture] {
            guard !value.isEmpty else {
                throw malformed(architecture, value, "a family of networks such as 'stylegan2'")
            }
            metadata.architecture = value
        }
        if let value = strings[blockArchitecture] {
            guard let known = CheckpointMetadata.BlockArchitecture(rawValue: value) else {
                throw malformed(blockArchitecture, value, "skip, resnet or orig")
            }
            metadata.blockArchitecture = known
        }
        if let value = strings[mappingLearningRateMultiplier] {
            metadata.mappingLearningRateMultiplier = try positiveNumber(mappingLearningRateMultiplier, value)
        }
        // "None" and the empty string are what Python scripts write for "no clamp".
        if let value = strings[convClamp], !["", "None", "none"].contains(value) {
            metadata.convClamp = try positiveNumber(convClamp, value)
        }
        metadata.styleGAN3 = try decodeStyleGAN3(strings)
        if let value = strings[averageSamples] {
            guard let samples = Int(value), CheckpointMetadata.averageSampleBounds.contains(samples) else {
                throw malformed(averageSamples, value, "a number of latents from 1 to 10000")
            }
            metadata.averageSamples = samples
        }
        if let value = strings[truncationCutoff] {
            guard let cutoff = Int(value), cutoff >= 0 else {
                throw malformed(truncationCutoff, value, "a number of layers")
            }
            metadata.truncationCutoff = cutoff
        }
        metadata.dcgan = try decodeDCGAN(strings)
        metadata.name = strings[name]
        metadata.description = strings[description]
        metadata.license = strings[license]
        return metadata
    }

    static func encode(_ metadata: CheckpointMetadata) -> [String: String] {
        var strings = [
            architecture: metadata.architecture,
            blockArchitecture: metadata.blockArchitecture.rawValue,
            mappingLearningRateMultiplier: String(metadata.mappingLearningRateMultiplier),
        ]
        strings[convClamp] = metadata.convClamp.map { String($0) }
        if let geometry = metadata.styleGAN3 {
            strings.merge(encode(geometry)) { first, _ in first }
        }
        strings[averageSamples] = metadata.averageSamples.map { String($0) }
        strings[truncationCutoff] = metadata.truncationCutoff.map { String($0) }
        if let traits = metadata.dcgan {
            strings.merge(encode(traits)) { first, _ in first }
        }
        strings[name] = metadata.name
        strings[description] = metadata.description
        strings[license] = metadata.license
        return strings
    }

    private static func positiveNumber(_ key: String, _ value: String) throws -> Float {
        guard let number = Float(value), number > 0, number.isFinite else {
            throw malformed(key, value, "a positive number")
        }
        return number
    }

    static func malformed(_ key: String, _ value: String, _ expected: String) -> CheckpointError {
        .malformed(detail: "metadata '\(key)' is \(value.quoted), expected \(expected)")
    }
}
