// SPDX-License-Identifier: Apache-2.0

import GANKit

/// One worker's memory for scoring a model's faces, made at the first. One thread uses it at a time.
final class ScoreBench {
    private var workspace: DiscriminatorWorkspace?

    /// What the model's discriminator says of a face, as text.
    ///
    /// - Throws: `FaceScoreError`, `CheckpointError`, `GenerationError`
    func score(
        of image: RGBImage, _ parameters: FaceParameters, model: ServedModel, threads: Int, maxThreads: Int
    ) throws -> FaceScore {
        guard let discriminator = try model.discriminator?.network() else {
            throw FaceScoreError.noDiscriminator
        }
        let workspace = self.workspace ?? discriminator.makeWorkspace(threads: maxThreads)
        self.workspace = workspace
        workspace.threads = threads
        let classIndex = discriminator.cDim > 0 ? parameters.classIndex : nil
        return FaceScore(value: try discriminator.score(image, classIndex: classIndex, workspace: workspace))
    }
}

/// Why a face has no score.
enum FaceScoreError: Error {
    /// The model has none, which the interface refuses before.
    case noDiscriminator
}
