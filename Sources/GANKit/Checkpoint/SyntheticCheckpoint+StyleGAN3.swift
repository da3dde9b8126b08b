// SPDX-License-Identifier: Apache-2.0

extension SyntheticCheckpoint {
    /// The configurations of StyleGAN3.
    public enum StyleGAN3Configuration: Sendable {
        /// Translation equivariant: 3x3 convolutions, separable filters.
        case t
        /// Rotation equivariant: 1x1 convolutions, radial filters, twice the channels.
        case r
    }

    /// A StyleGAN3 generator of the official layout with random weights. It has no filters: they follow from the geometry.
    ///
    /// - Parameters:
    ///   - imgResolution: a power of two from 16
    ///   - channelBase: of configuration T; twice as much for R
    ///   - channelMax: likewise
    public static func styleGAN3(
        _ configuration: StyleGAN3Configuration, imgResolution: Int, channelBase: Int = 32768, channelMax: Int = 512,
        zDim: Int = 512, wDim: Int = 512, mappingLayers: Int = 2
    ) -> SyntheticCheckpoint {
        let isRadial = configuration == .r
        let widening = isRadial ? 2 : 1
        func channels(_ cutoff: Double) -> Int {
            Int(min(Double(channelBase * widening) / 2 / cutoff, Double(channelMax * widening)).rounded())
        }
        let geometry = StyleGAN3Geometry.official(
            imgResolution: imgResolution, isRadial: isRadial, channels: channels)
        var layout = SyntheticLayout()
        layout.addMapping(zDim: zDim, wDim: wDim, layers: mappingLayers, cDim: 0)
        var inputs = channels(geometry.inputBandwidth)
        let prefix = "synthesis.input"
        layout.add("\(prefix).weight", [inputs, inputs])
        layout.add("\(prefix).transform", [3, 3])
        layout.add("\(prefix).freqs", [inputs, 2], scale: geometry.inputBandwidth / 2)
        layout.add("\(prefix).phases", [inputs], scale: 0.3)
        layout.addFullyConnected("\(prefix).affine", inputs: wDim, outputs: 4, scale: 0.1, biasOffset: 1)
        for (index, layer) in geometry.layers.enumerated() {
            let isLast = index == geometry.layers.count - 1
            let outputs = isLast ? 3 : Int(layer.name.split(separator: "_").last ?? "") ?? inputs
            let kernel = isRadial || isLast ? 1 : 3
            layout.add("synthesis.\(layer.name).weight", [outputs, inputs, kernel, kernel])
            layout.add("synthesis.\(layer.name).bias", [outputs], scale: 0.2)
            layout.add("synthesis.\(layer.name).magnitude_ema", [], scale: 0, offset: 1)
            layout.addFullyConnected(
                "synthesis.\(layer.name).affine", inputs: wDim, outputs: inputs, biasOffset: 1)
            inputs = outputs
        }
        return SyntheticCheckpoint(
            recipes: layout.recipes,
            metadata: CheckpointMetadata(architecture: "stylegan3", convClamp: 256, styleGAN3: geometry))
    }
}
