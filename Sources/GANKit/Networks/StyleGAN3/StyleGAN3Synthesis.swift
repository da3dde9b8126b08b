// SPDX-License-Identifier: Apache-2.0

/// The network that turns w vectors into images.
struct StyleGAN3Synthesis: Sendable {
    let input: FourierInput
    let layers: [FilteredLayer]
    let torgb: ToRGBLayer
    let imgChannels: Int
    private let wDim: Int

    init(_ parameters: ParameterMap, configuration: StyleGAN3Configuration, loop: ParallelLoop) throws {
        let wDim = configuration.wDim
        let geometries = Array(configuration.filteredLayers)
        // Where the input of each layer lies, the last one's included.
        var maps = try geometries.map { try FilteredLayerShape($0, in: parameters).input }
        let torgbPrefix = "synthesis.\(configuration.torgb.name)"
        let torgbInputs = try parameters.shape("\(torgbPrefix).weight", [nil, nil, 1, 1])[1]
        maps.append(
            ActivationMap(
                height: configuration.imgResolution, width: configuration.imgResolution, channels: torgbInputs))
        self.wDim = wDim
        imgChannels = configuration.imgChannels
        input = try FourierInput(
            parameters, geometry: configuration.geometry, channels: configuration.channels, wDim: wDim, output: maps[0],
            loop: loop)
        layers = try geometries.indices.map { index in
            try FilteredLayer(
                geometries[index], in: parameters, wDim: wDim, wIndex: index + 1, output: maps[index + 1], loop: loop)
        }
        torgb = try ToRGBLayer(
            torgbPrefix, in: parameters, inputChannels: torgbInputs, imgChannels: imgChannels,
            resolution: configuration.imgResolution, wDim: wDim, wIndex: geometries.count + 1,
            inputGain: FilteredLayer.inputGain(torgbPrefix, in: parameters),
            outputScale: configuration.geometry.outputScale)
    }

    /// Synthesises one image.
    ///
    /// - Parameters:
    ///   - ws: [numWs, wDim]
    ///   - transform: takes the place of the checkpoint's own
    /// - Returns: [imgChannels, H, W], in memory of the workspace
    func callAsFunction(
        ws: UnsafePointer<Float>, transform: PlaneTransform?, workspace: StyleGAN3Workspace
    ) -> UnsafePointer<Float> {
        let loop = workspace.loop
        prepareStyles(ws: ws, transform: transform, workspace: workspace)
        let x = workspace.activations.pointer
        input.output.clearRim(x)
        workspace.measured("input", input.multiplyAdds) {
            input.apply(waves: workspace.waves, y: x, scratch: workspace.scratch.pointer, loop: loop)
        }
        for (layer, style) in zip(layers, workspace.styles) {
            workspace.measured(layer.name, layer.multiplyAdds) {
                layer.apply(
                    x: x, t: workspace.convolved.pointer, style: style, scratch: workspace.scratch.pointer, loop: loop)
            }
        }
        let pixels = workspace.pixels
        pixels.pointer.update(repeating: 0, count: pixels.count)
        workspace.measured("torgb", torgb.multiplyAdds) {
            torgb.apply(x: x, weights: workspace.rgbWeights, addingTo: pixels.pointer, loop: loop)
        }
        return UnsafePointer(pixels.pointer)
    }

    /// Computes what depends on ws alone.
    private func prepareStyles(ws: UnsafePointer<Float>, transform: PlaneTransform?, workspace: StyleGAN3Workspace) {
        workspace.loop.run(layers.count + 2) { piece, _ in
            switch piece {
            case layers.count: input.prepare(w: ws, userTransform: transform, waves: workspace.waves)
            case layers.count + 1: torgb.prepare(ws: ws, wDim: wDim, weights: workspace.rgbWeights)
            default: layers[piece].prepare(ws: ws, wDim: wDim, style: workspace.styles[piece])
            }
        }
    }
}
