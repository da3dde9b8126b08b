// SPDX-License-Identifier: Apache-2.0

/// Collects the tensors of a random network.
struct SyntheticLayout {
    var recipes: [String: SyntheticCheckpoint.Recipe] = [:]

    mutating func add(_ name: String, _ shape: [Int], scale: Double = 1, offset: Double = 0) {
        recipes[name] = SyntheticCheckpoint.Recipe(
            shape: shape, seed: UInt32(recipes.count), scale: scale, offset: offset)
    }

    mutating func addMapping(zDim: Int, wDim: Int, layers: Int, cDim: Int) {
        if cDim > 0 {
            addFullyConnected("mapping.embed", inputs: cDim, outputs: wDim)
        }
        for index in 0..<layers {
            addFullyConnected(
                "mapping.fc\(index)", inputs: index > 0 ? wDim : zDim + (cDim > 0 ? wDim : 0), outputs: wDim,
                scale: 100)
        }
        add("mapping.w_avg", [wDim], scale: 0.1)
    }

    mutating func addBlock(resolution: Int, inputChannels: Int?, channels: Int, wDim: Int) {
        let block = "synthesis.b\(resolution)"
        add("\(block).resample_filter", [4, 4])
        if let inputChannels {
            addConvolution("\(block).conv0", resolution, inputs: inputChannels, outputs: channels, wDim: wDim)
        } else {
            add("\(block).const", [channels, resolution, resolution])
        }
        addConvolution("\(block).conv1", resolution, inputs: channels, outputs: channels, wDim: wDim)
    }

    mutating func addToRGB(resolution: Int, channels: Int, wDim: Int) {
        let block = "synthesis.b\(resolution)"
        addFullyConnected("\(block).torgb.affine", inputs: wDim, outputs: channels, biasOffset: 1)
        add("\(block).torgb.weight", [3, channels, 1, 1], scale: 0.3)
        add("\(block).torgb.bias", [3], scale: 0.3)
    }

    mutating func addConvolution(
        _ name: String, _ resolution: Int, inputs: Int, outputs: Int, wDim: Int
    ) {
        addFullyConnected("\(name).affine", inputs: wDim, outputs: inputs, biasOffset: 1)
        add("\(name).weight", [outputs, inputs, 3, 3])
        add("\(name).bias", [outputs], scale: 0.2)
        add("\(name).noise_const", [resolution, resolution])
        add("\(name).noise_strength", [], scale: 0.1)
        add("\(name).resample_filter", [4, 4])
    }

    mutating func addFullyConnected(
        _ name: String, inputs: Int, outputs: Int, scale: Double = 1, biasOffset: Double = 0
    ) {
        add("\(name).weight", [outputs, inputs], scale: scale)
        add("\(name).bias", [outputs], scale: 0.2, offset: biasOffset)
    }
}
