// SPDX-License-Identifier: Apache-2.0

/// The network that maps a latent z and a class to the intermediate latent w.
///
/// Matches the official implementation: z and the embedded class are each brought to unit second moment and
/// concatenated; then come fully connected layers with leaky ReLU; truncation draws w towards the average w.
struct MappingNetwork: Sendable {
    let zDim: Int
    let cDim: Int
    let wDim: Int
    let numWs: Int
    /// The average w of training, [wDim].
    let wAvg: [Float]
    private let embed: FullyConnectedLayer?
    private let layers: [FullyConnectedLayer]

    /// Reads its sizes off the tensors.
    ///
    /// - Parameters:
    ///   - wDim: the width that the synthesis network takes
    ///   - numWs: how many w vectors it takes
    ///   - loop: the threads that may compute an average w that the file does not hold
    init(_ parameters: ParameterMap, wDim: Int, numWs: Int, loop: ParallelLoop) throws {
        let layerCount = (parameters.numbers(after: "mapping.fc").max() ?? 0) + 1
        let inputs = try parameters.shape("mapping.fc0.weight", [nil, nil])[1]
        if parameters.contains("mapping.embed.weight") {
            let embed = try FullyConnectedLayer("mapping.embed", in: parameters, inputs: nil)
            guard embed.outputs < inputs else {
                throw CheckpointError.unexpectedShape(
                    name: "mapping.fc0.weight", expected: [nil, embed.outputs + 1],
                    actual: try parameters.shape("mapping.fc0.weight", [nil, nil]))
            }
            zDim = inputs - embed.outputs
            cDim = embed.inputs
            self.embed = embed
        } else {
            zDim = inputs
            cDim = 0
            embed = nil
        }
        var layers: [FullyConnectedLayer] = []
        for index in 0..<layerCount {
            let layer = try FullyConnectedLayer(
                "mapping.fc\(index)", in: parameters, inputs: layers.last?.outputs ?? inputs,
                outputs: index == layerCount - 1 ? wDim : nil,
                learningRateMultiplier: parameters.reader.metadata.mappingLearningRateMultiplier,
                activation: .leakyReLU)
            layers.append(layer)
        }
        self.layers = layers
        self.wDim = wDim
        self.numWs = numWs
        let samples = parameters.reader.metadata.averageSamples
        if let samples, cDim == 0, !parameters.contains("mapping.w_avg") {
            wAvg = Self.averageW(of: layers, zDim: zDim, wDim: wDim, samples: samples, loop: loop)
        } else {
            wAvg = try parameters.tensor("mapping.w_avg", shape: [wDim]).elements
        }
    }

    /// The mean w of the latents that follow each other in the stream of seed 0.
    private static func averageW(
        of layers: [FullyConnectedLayer], zDim: Int, wDim: Int, samples: Int, loop: ParallelLoop
    ) -> [Float] {
        var stream = NumPyRandomState(seed: 0)
        let latents = (0..<samples).map { _ in stream.standardNormal(count: zDim).map { Float($0) } }
        let ws = FloatBuffer(count: samples * wDim)
        loop.run(samples) { sample, _ in
            let w = layers.reduce(normalize2ndMoment(latents[sample])) { $1($0) }
            (ws.pointer + sample * wDim).update(from: w, count: wDim)
        }
        return (0..<wDim).map { index in
            let sum = (0..<samples).reduce(0.0) { $0 + Double(ws.pointer[$1 * wDim + index]) }
            return Float(sum / Double(samples))
        }
    }

    /// Maps z and truncates it as the request says.
    ///
    /// - Parameter stream: where random noise comes from
    func latent(z: [Float], like request: GenerationRequest, classIndex: Int, stream: NumPyRandomState) -> Latent {
        let w = self(z: z, classIndex: classIndex)
        return Latent(
            ws: truncate(w, psi: request.truncationPsi, cutoff: request.truncationCutoff), wDim: wDim,
            noise: NoiseSource(mode: request.noiseMode, stream: stream), transform: request.transform)
    }

    /// Maps one latent.
    ///
    /// - Parameters:
    ///   - z: [zDim]
    ///   - classIndex: 0..<cDim; ignored by an unconditional network
    /// - Returns: w, [wDim]
    func callAsFunction(z: [Float], classIndex: Int) -> [Float] {
        precondition(z.count == zDim, "z has \(z.count) elements, not \(zDim)")
        var x = Self.normalize2ndMoment(z)
        if let embed {
            var oneHot = [Float](repeating: 0, count: cDim)
            oneHot[classIndex] = 1
            x += Self.normalize2ndMoment(embed(oneHot))
        }
        return layers.reduce(x) { $1($0) }
    }

    /// Draws the first `cutoff` of the `numWs` copies of w towards the average w.
    ///
    /// The same as `torch.lerp(w_avg, w, psi)`, which goes out from the nearer end and rounds once.
    ///
    /// - Parameters:
    ///   - w: [wDim]
    ///   - psi: 1 leaves w, 0 gives the average, a negative value the opposite of w
    ///   - cutoff: nil truncates all copies
    /// - Returns: [numWs, wDim]
    func truncate(_ w: [Float], psi: Float, cutoff: Int?) -> [Float] {
        let truncated = zip(wAvg, w).map { average, value in
            let difference = value - average
            return abs(psi) < 0.5
                ? average.addingProduct(psi, difference)
                : value.addingProduct(-difference, 1 - psi)
        }
        let truncatedCopies = min(max(cutoff ?? numWs, 0), numWs)
        return (0..<numWs).flatMap { $0 < truncatedCopies ? truncated : w }
    }

    /// `x / sqrt(mean(x^2) + 1e-8)`
    static func normalize2ndMoment(_ x: [Float]) -> [Float] {
        let sum = x.withUnsafeBufferPointer { x in
            x.baseAddress.map { DotProduct.dot($0, $0, count: x.count) } ?? 0
        }
        let factor = 1 / (sum / Float(x.count) + 1e-8).squareRoot()
        return x.map { $0 * factor }
    }
}
