// SPDX-License-Identifier: Apache-2.0

/// The sizes of a discriminator, all of them read off the shapes of its tensors.
struct DiscriminatorConfiguration: Sendable {
    /// Resolutions that this version runs.
    static let supportedResolutions = 8...1024

    /// How blocks are wired.
    let architecture: CheckpointMetadata.BlockArchitecture
    /// Width and height of the picture in pixels.
    let imgResolution: Int
    /// 3 for RGB, 1 for grey.
    let imgChannels: Int
    /// Channels of the input of each block, by resolution, that of 4x4 included.
    let channels: [Int: Int]

    /// From the largest to 8.
    var blockResolutions: [Int] {
        (3...imgResolution.trailingZeroBitCount).reversed().map { 1 << $0 }
    }

    /// - Throws: `CheckpointError`
    init(_ parameters: ParameterMap) throws {
        architecture = parameters.reader.metadata.blockArchitecture
        let largest = parameters.numbers(after: "b").max() ?? 0
        guard Self.supportedResolutions.contains(largest), largest.nonzeroBitCount == 1 else {
            throw CheckpointError.unsupported(
                detail: "a discriminator of resolution \(largest) is not supported, only powers of two from "
                    + "\(Self.supportedResolutions.lowerBound) to \(Self.supportedResolutions.upperBound)")
        }
        imgResolution = largest
        let first = try parameters.shape("b\(largest).fromrgb.weight", [nil, nil, 1, 1])
        imgChannels = first[1]
        try GeneratorConfiguration.check(imgChannels: imgChannels)
        var channels = [largest: first[0]]
        for level in 3...largest.trailingZeroBitCount {
            let name = "b\(1 << level).conv1.weight"
            let outputs = try parameters.shape(name, [nil, nil, 3, 3])[0]
            let inputs = try parameters.shape("b\(1 << level).conv0.weight", [nil, nil, 3, 3])[1]
            for (count, pixels) in [(outputs, 1 << (2 * level - 2)), (inputs, 1 << (2 * level))]
            where count > SynthesisConfiguration.largestActivation / pixels {
                throw CheckpointError.unsupported(
                    detail: "tensor \(name.quoted): \(count) channels of \(pixels) pixels exceed the largest supported "
                        + "activation of \(SynthesisConfiguration.largestActivation) elements")
            }
            channels[1 << (level - 1)] = outputs
        }
        self.channels = channels
    }
}
