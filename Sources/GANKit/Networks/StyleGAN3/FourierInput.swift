// SPDX-License-Identifier: Apache-2.0

/// What a StyleGAN3 synthesis network starts from: plane waves of fixed frequencies, moved and turned by w and by the
/// user, then mixed by a matrix (Karras et al., 2021, section 3.2).
struct FourierInput: Sendable {
    /// The layout of the output.
    let output: ActivationMap
    private let channels: Int
    private let samplingRate: Double
    private let bandwidth: Double
    /// To the cosine and sine of an angle and a translation.
    private let affine: FullyConnectedLayer
    /// The checkpoint's own, which the user's takes the place of.
    private let transform: PlaneTransform
    /// [channels, 2], in x and y.
    private let frequencies: [Float]
    /// [channels], in cycles.
    private let phases: [Float]
    /// [C', C']
    private let weights: PackedWeights

    /// Takes the tensors below `synthesis.input`.
    ///
    /// - Parameter output: the layout of the output, of the geometry's input size
    init(
        _ parameters: ParameterMap, geometry: StyleGAN3Geometry, channels: Int, wDim: Int, output: ActivationMap,
        loop: ParallelLoop
    ) throws {
        self.output = output
        self.channels = channels
        samplingRate = geometry.inputSamplingRate
        bandwidth = geometry.inputBandwidth
        affine = try FullyConnectedLayer("synthesis.input.affine", in: parameters, inputs: wDim, outputs: 4)
        let matrix = try parameters.tensor("synthesis.input.transform", shape: [3, 3]).elements.map { Double($0) }
        transform = PlaneTransform(
            xx: matrix[0], xy: matrix[1], x: matrix[2], yx: matrix[3], yy: matrix[4], y: matrix[5])
        frequencies = try parameters.tensor("synthesis.input.freqs", shape: [channels, 2]).elements
        phases = try parameters.tensor("synthesis.input.phases", shape: [channels]).elements
        let weight = try parameters.tensor("synthesis.input.weight", shape: [channels, channels])
        weights = PackedWeights(pointwise: weight, gain: 1 / Float(channels).squareRoot(), loop: loop)
    }

    /// Of one image.
    var multiplyAdds: Int { channels * channels * output.height * output.width }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        threads * output.width * output.channels
    }

    /// The waves of an image: those of the checkpoint after its transforms, [C'] each.
    ///
    /// - Parameters:
    ///   - w: [wDim]
    ///   - userTransform: takes the place of the checkpoint's own
    ///   - waves: overwritten
    func prepare(w: UnsafePointer<Float>, userTransform: PlaneTransform?, waves: PlaneWaves) {
        var motion: [Float] = [0, 0, 0, 0]
        motion.withUnsafeMutableBufferPointer { motion in
            if let base = motion.baseAddress { affine.apply(w, result: base) }
        }
        let (cosine, sine) = (Double(motion[0]), Double(motion[1]))
        let norm = (cosine * cosine + sine * sine).squareRoot()
        let total =
            PlaneTransform.rotation(cosine: cosine / norm, sine: sine / norm)
            * PlaneTransform.translation(x: -Double(motion[2]) / norm, y: -Double(motion[3]) / norm)
            * (userTransform ?? transform)
        for channel in 0..<channels {
            let (x, y) = (Double(frequencies[2 * channel]), Double(frequencies[2 * channel + 1]))
            let turned = (x: x * total.xx + y * total.yx, y: x * total.xy + y * total.yy)
            let frequency = (turned.x * turned.x + turned.y * turned.y).squareRoot()
            let excess = (frequency - bandwidth) / (samplingRate / 2 - bandwidth)
            waves.set(
                channel, x: turned.x, y: turned.y, phase: Double(phases[channel]) + x * total.x + y * total.y,
                amplitude: min(max(1 - excess, 0), 1))
        }
    }

    /// - Parameters:
    ///   - waves: as `prepare` left them
    ///   - y: an `output` map, whose pixels are overwritten
    func apply(
        waves: PlaneWaves, y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        weights.withPointer { weights in
            loop.run(output.height) { row, thread in
                let values = scratch + thread * scratchCount(threads: 1)
                for column in 0..<output.width {
                    waves.sample(
                        x: place(column, of: output.width), y: place(row, of: output.height),
                        result: values + column * output.channels)
                }
                Kernels.multiply(
                    rows: output.width, inner: output.channels, panels: self.weights.panels, a: values,
                    aStride: output.channels, b: weights, c: y + output.offset(row: row, column: 0),
                    cStride: output.channels)
            }
        }
    }

    /// The coordinate of a pixel's centre; 0 is the middle, and the picture itself is 1 wide.
    private func place(_ index: Int, of count: Int) -> Double {
        (Double(index) + 0.5 - Double(count) / 2) / samplingRate
    }
}
