// SPDX-License-Identifier: Apache-2.0

/// How a conditional discriminator weighs its outputs: by the inner product with what a mapping network makes of the class
/// (Miyato and Koyama, "cGANs with Projection Discriminator", 2018).
struct ClassProjection: Sendable {
    /// Number of classes.
    let count: Int
    /// Number of outputs.
    let width: Int
    private let embed: FullyConnectedLayer
    private let layers: [FullyConnectedLayer]

    /// Takes the tensors below `mapping`.
    init(_ parameters: ParameterMap) throws {
        let embed = try FullyConnectedLayer("mapping.embed", in: parameters, inputs: nil)
        var layers: [FullyConnectedLayer] = []
        for index in 0...(parameters.numbers(after: "mapping.fc").max() ?? 0) {
            layers.append(
                try FullyConnectedLayer(
                    "mapping.fc\(index)", in: parameters, inputs: layers.last?.outputs ?? embed.outputs,
                    learningRateMultiplier: parameters.reader.metadata.mappingLearningRateMultiplier,
                    activation: .leakyReLU))
        }
        self.embed = embed
        self.layers = layers
        count = embed.inputs
        width = layers[layers.count - 1].outputs
    }

    /// - Parameter outputs: [width]
    func project(_ outputs: [Float], onto classIndex: Int) -> Float {
        var oneHot = [Float](repeating: 0, count: count)
        oneHot[classIndex] = 1
        let weights = layers.reduce(MappingNetwork.normalize2ndMoment(embed(oneHot))) { $1($0) }
        return DotProduct.dot(outputs, weights, count: width) / Float(width).squareRoot()
    }
}
