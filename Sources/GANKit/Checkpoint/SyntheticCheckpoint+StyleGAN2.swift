// SPDX-License-Identifier: Apache-2.0

extension SyntheticCheckpoint {
    /// A StyleGAN2 generator of the official layout with random weights.
    ///
    /// `config-f` at 1024x1024 is `channelBase` 32768; the official 256x256 models have 16384.
    ///
    /// - Parameters:
    ///   - imgResolution: a power of two from 4
    ///   - channelBase: a block has `channelBase / resolution` channels ...
    ///   - channelMax: ... but no more than this
    ///   - architecture: how blocks are wired
    public static func styleGAN2(
        imgResolution: Int, channelBase: Int = 32768, channelMax: Int = 512, zDim: Int = 512, wDim: Int = 512,
        mappingLayers: Int = 8, cDim: Int = 0, architecture: CheckpointMetadata.BlockArchitecture = .skip
    ) -> SyntheticCheckpoint {
        var layout = SyntheticLayout()
        layout.addMapping(zDim: zDim, wDim: wDim, layers: mappingLayers, cDim: cDim)
        var inputChannels: Int?
        var resolution = 4
        while resolution <= imgResolution {
            let channels = min(channelBase / resolution, channelMax)
            layout.addBlock(resolution: resolution, inputChannels: inputChannels, channels: channels, wDim: wDim)
            if architecture == .skip || resolution == imgResolution {
                layout.addToRGB(resolution: resolution, channels: channels, wDim: wDim)
            }
            if let inputChannels, architecture == .resnet {
                layout.add("synthesis.b\(resolution).skip.weight", [channels, inputChannels, 1, 1])
                layout.add("synthesis.b\(resolution).skip.resample_filter", [4, 4])
            }
            inputChannels = channels
            resolution *= 2
        }
        return SyntheticCheckpoint(
            recipes: layout.recipes, metadata: CheckpointMetadata(blockArchitecture: architecture))
    }
}
