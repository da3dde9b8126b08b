// SPDX-License-Identifier: Apache-2.0

/// The generator of gsurma/face_generator, a DCGAN in TensorFlow 1: z, drawn evenly, through a fully connected layer
/// (`dense`), transposed convolutions that double the size with batch normalisation (`trans_conv1`,
/// `batch_trans_conv1`, ...), and one that makes the picture (`logits`). Leaky ReLU of slope 0.2 between them.
enum FaceGeneratorVariables {
    private static let scope = "generator"
    private static let epsilon = 5e-5
    private static let negativeSlope: Float = 0.2
    /// Its pictures are `uint8((x + 1) * 127.5)`.
    private static let pixelOffset: Float = 127.5

    /// - Returns: nil when the variables are others
    static func assemble(
        _ directory: inout TensorDirectory
    ) throws -> (metadata: CheckpointMetadata, tensors: [String: TensorSource])? {
        guard directory.contains("\(scope)/dense/kernel"), directory.contains("\(scope)/logits/kernel") else {
            return nil
        }
        var names: [String] = []
        while directory.contains("\(scope)/trans_conv\(names.count + 1)/kernel") {
            names.append("trans_conv\(names.count + 1)")
        }
        let layers = try names.map { name in
            var stage = try convolution(name, &directory)
            if directory.contains("\(scope)/batch_\(name)/gamma") {
                stage.normalization = try normalization("batch_\(name)", channels: stage.outputs, &directory)
            }
            return stage
        }
        let last = try convolution("logits", &directory)
        let stem = try dense(channels: layers.first?.inputs ?? last.inputs, &directory)
        let strides = layers.map { _ in 2 } + [1]
        let paddings = try zip(layers + [last], strides).map { stage, stride in
            // "SAME": kernel - stride rows and columns are cut off, the smaller half of them before.
            let size = stage.weight.shape[2]
            guard size == stage.weight.shape[3], size >= stride else {
                throw CheckpointError.unsupported(
                    detail: "tensor \(stage.weight.name.quoted): a filter of \(size)x\(stage.weight.shape[3]) is not "
                        + "supported")
            }
            return (size - stride) / 2
        }
        let traits = DCGANTraits(
            strides: strides, paddings: paddings, negativeSlope: negativeSlope, latent: .uniform,
            pixelOffset: pixelOffset)
        return (
            CheckpointMetadata(architecture: "dcgan", dcgan: traits), DCGANStage.tensors(of: [stem] + layers + [last])
        )
    }

    /// From [kh, kw, O, I] to [I, O, kh, kw].
    private static func convolution(_ name: String, _ directory: inout TensorDirectory) throws -> DCGANStage {
        let kernel = try directory.take("\(scope)/\(name)/kernel", [nil, nil, nil, nil])
        return DCGANStage(
            weight: kernel.permuted([3, 2, 0, 1]), bias: try bias(name, count: kernel.shape[2], &directory))
    }

    private static func bias(
        _ name: String, count: Int, _ directory: inout TensorDirectory
    ) throws -> TensorSource? {
        let path = "\(scope)/\(name)/bias"
        return directory.contains(path) ? try directory.take(path, [count]) : nil
    }

    private static func normalization(
        _ name: String, channels: Int, _ directory: inout TensorDirectory
    ) throws -> DCGANStage.Normalization {
        DCGANStage.Normalization(
            gamma: try directory.take("\(scope)/\(name)/gamma", [channels]),
            beta: try directory.take("\(scope)/\(name)/beta", [channels]),
            mean: try directory.take("\(scope)/\(name)/moving_mean", [channels]),
            variance: try directory.take("\(scope)/\(name)/moving_variance", [channels]), epsilon: epsilon)
    }

    /// The stem, whose outputs are the pixels of a square image, [H, W, C].
    private static func dense(channels: Int, _ directory: inout TensorDirectory) throws -> DCGANStage {
        let kernel = try directory.take("\(scope)/dense/kernel", [nil, nil])
        let (inputs, outputs) = (kernel.shape[0], kernel.shape[1])
        let side = try DCGANStage.side(of: kernel, outputs: outputs, channels: channels)
        return DCGANStage(
            weight: kernel.reshaped([inputs, side, side, channels]).permuted([0, 3, 1, 2]),
            bias: try bias("dense", count: outputs, &directory)?.reshaped([side, side, channels]).permuted([2, 0, 1]))
    }
}
