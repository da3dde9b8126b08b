// SPDX-License-Identifier: Apache-2.0

/// The sizes of a `FilteredLayer`, from the geometry and the shape of its weights.
struct FilteredLayerShape {
    /// "synthesis.L0_36_512"
    let prefix: String
    let outputs: Int
    let inputs: Int
    /// 1 or 3
    let kernel: Int
    private let layer: StyleGAN3Geometry.Layer

    init(_ layer: StyleGAN3Geometry.Layer, in parameters: ParameterMap) throws {
        self.layer = layer
        prefix = "synthesis.\(layer.name)"
        let name = "\(prefix).weight"
        let shape = try parameters.shape(name, [nil, nil, nil, nil])
        (outputs, inputs, kernel) = (shape[0], shape[1], shape[2])
        guard kernel == shape[3], kernel == 1 || kernel == 3 else {
            throw CheckpointError.unsupported(
                detail: "tensor \(name.quoted): a kernel of \(shape[2])x\(shape[3]) is not supported, only 1x1 and 3x3")
        }
    }

    /// Height and width after the convolution, which pads by all of its kernel.
    var convolvedSize: Int { layer.inSize + kernel - 1 }

    /// Height and width of the map that the convolution works on: whole tiles of Winograd's.
    var tiledSize: Int {
        let tile = WinogradConvolution3x3.TileSize.four.rawValue
        return kernel == 1 ? layer.inSize : (convolvedSize + tile - 1) / tile * tile
    }

    /// Where the input lies in the convolution's input map: the convolution itself pads by one less than it should.
    var input: ActivationMap {
        let before = kernel / 2
        return ActivationMap(
            height: layer.inSize, width: layer.inSize, channels: inputs, rimBefore: 1 + before,
            rimAfter: 5 + tiledSize - layer.inSize - before)
    }

    /// Zeros before each axis after the insertion of zeros: what makes the size of the output come out right, evenly on both
    /// sides but for the delay of the up-sampling.
    func padding(_ filters: LayerFilters) -> Int {
        let wanted = (layer.outSize - 1) * layer.downFactor + 1
        let total =
            wanted - convolvedSize * layer.upFactor + filters.up.shape[0] + filters.down.shape[0] - 2
        return (total + layer.upFactor) >> 1
    }
}
