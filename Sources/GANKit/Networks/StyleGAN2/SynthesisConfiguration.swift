// SPDX-License-Identifier: Apache-2.0

/// The sizes of a StyleGAN2 synthesis network, all of them read off the shapes of its tensors.
struct SynthesisConfiguration: Sendable, Equatable {
    /// Resolutions that this version runs.
    static let supportedResolutions = 4...1024
    /// No activation map may hold more elements than this (1 GiB), whatever a file asks for.
    static let largestActivation = 1 << 28

    /// How blocks are wired.
    let architecture: CheckpointMetadata.BlockArchitecture
    /// Length of the intermediate latent w.
    let wDim: Int
    /// Width and height of the image in pixels.
    let imgResolution: Int
    /// 3 for RGB, 1 for grey.
    let imgChannels: Int
    /// Channels after each block, from 4x4 up.
    let channels: [Int]

    /// Number of w vectors that the synthesis network takes: one for each of its convolutions and the last ToRGB.
    var numWs: Int { 2 * channels.count }
    /// The resolutions of the blocks, from 4 up.
    var blockResolutions: [Int] { channels.indices.map { 4 << $0 } }

    /// Reads the sizes off a checkpoint; tensors themselves are not read.
    ///
    /// - Throws: `CheckpointError`
    init(_ parameters: ParameterMap) throws {
        architecture = parameters.reader.metadata.blockArchitecture
        let resolutions = try Self.blockResolutions(parameters)
        var channels: [Int] = []
        for resolution in resolutions {
            let name = "synthesis.b\(resolution).conv1.weight"
            let outputs = try parameters.shape(name, [nil, nil, 3, 3])[0]
            guard outputs <= Self.largestActivation / (resolution * resolution) else {
                throw CheckpointError.unsupported(
                    detail: "tensor \(name.quoted): \(outputs) channels at \(resolution)x\(resolution) pixels exceed "
                        + "the largest supported activation of \(Self.largestActivation) elements")
            }
            channels.append(outputs)
        }
        self.channels = channels
        imgResolution = resolutions[resolutions.count - 1]

        wDim = try parameters.shape("synthesis.b4.conv1.affine.weight", [nil, nil])[1]
        imgChannels = try parameters.shape("synthesis.b\(imgResolution).torgb.weight", [nil, nil, 1, 1])[0]
        try GeneratorConfiguration.check(imgChannels: imgChannels)
    }

    /// The resolutions from 4 to the largest that any tensor belongs to.
    private static func blockResolutions(_ parameters: ParameterMap) throws -> [Int] {
        let largest = parameters.numbers(after: "synthesis.b").max() ?? 4
        guard supportedResolutions.contains(largest), largest.nonzeroBitCount == 1 else {
            throw CheckpointError.unsupported(
                detail: "resolution \(largest) is not supported, only powers of two from "
                    + "\(supportedResolutions.lowerBound) to \(supportedResolutions.upperBound)")
        }
        return (2...largest.trailingZeroBitCount).map { 1 << $0 }
    }
}
