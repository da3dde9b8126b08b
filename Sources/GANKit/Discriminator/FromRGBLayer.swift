// SPDX-License-Identifier: Apache-2.0

/// The 1x1 convolution by which a discriminator takes in the picture.
struct FromRGBLayer: Sendable {
    let output: ActivationMap
    private let convolution: DiscriminatorConvolution
    private let imgChannels: Int
    /// [imgChannels, O']
    private let weights: PackedWeights

    /// Takes `prefix.weight` [O, imgChannels, 1, 1] and `prefix.bias` [O].
    init(
        _ prefix: String, in parameters: ParameterMap, imgChannels: Int, outputs: Int, resolution: Int,
        isClamped: Bool = true, loop: ParallelLoop
    ) throws {
        self.imgChannels = imgChannels
        convolution = try DiscriminatorConvolution(
            prefix, in: parameters, inputs: imgChannels, outputs: outputs, kernel: 1, isClamped: isClamped)
        output = ActivationMap(height: resolution, width: resolution, channels: outputs)
        let weight = convolution.weight
        weights = PackedWeights(matrices: 1, inner: imgChannels, outputs: outputs, loop: loop) { output, column, _ in
            weight.withUnsafeBufferPointer { elements in
                for input in 0..<imgChannels {
                    column[input * Lanes.count] = elements[output * imgChannels + input]
                }
            }
        }
    }

    /// The elements of scratch memory that the given number of threads needs.
    func scratchCount(threads: Int) -> Int {
        threads * output.width * output.channels
    }

    /// - Parameters:
    ///   - image: [H, W, imgChannels]
    ///   - y: an `output` map
    ///   - isAdding: whether the result is added to what is there, or takes its place
    func apply(
        image: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>, isAdding: Bool,
        scratch: UnsafeMutablePointer<Float>, loop: ParallelLoop
    ) {
        output.clearRim(y)
        weights.withPointer { weights in
            convolution.withEpilogue { epilogue in
                loop.run(output.height) { row, thread in
                    let target = y + output.offset(row: row, column: 0)
                    let count = output.width * output.channels
                    let sums = isAdding ? scratch + thread * count : target
                    Kernels.multiply(
                        rows: output.width, inner: imgChannels, panels: self.weights.panels,
                        a: image + row * output.width * imgChannels, aStride: imgChannels, b: weights, c: sums,
                        cStride: output.channels)
                    Kernels.finishPixels(
                        sums: sums, y: sums, count: output.width, channels: output.channels, epilogue: epilogue,
                        pixel: row * output.width)
                    if isAdding {
                        for index in 0..<count { target[index] += sums[index] }
                    }
                }
            }
        }
    }
}
