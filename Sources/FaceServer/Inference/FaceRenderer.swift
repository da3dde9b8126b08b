// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Makes pictures out of parameters with one model: generator, resizing and encoding. One thread uses it at a time.
///
/// Each picture begins at the seed. Keeping w would save what the mapping network takes where another picture of the same seed
/// is wanted: less than 0.15 ms of 1.7 with the built-in model, 0.35 of 50 at 256x256 and 0.4 of 240 at 1024x1024 (one core of
/// an AMD EPYC 9005, base64 in JSON included), which is not worth a cache.
struct FaceRenderer {
    private let model: ServedModel
    private let workspace: Workspace
    private let cores: CoreShare
    private let scores: ScoreBench

    /// - Parameters:
    ///   - cores: shared by all workers; tells how many threads a picture is computed on.
    ///   - workspace: one that the model's generator has made; nil to make one for single pictures.
    ///   - scores: one that has scored faces of the model only.
    init(
        model: ServedModel, cores: CoreShare, workspace: Workspace? = nil, scores: ScoreBench = ScoreBench()
    ) {
        self.model = model
        self.cores = cores
        self.scores = scores
        self.workspace = workspace ?? model.generator.makeWorkspace(threads: cores.largest, batch: 1)
    }

    /// Makes faces, as many together as the workspace has room for, and hands each out as soon as it is ready.
    func render(_ faces: [FaceParameters], deliver: (Int, Result<RenderedFace, any Error>) -> Void) {
        cores.run { threads in
            workspace.threads = threads
            let clock = ContinuousClock()
            var began = clock.now
            var latents: [Latent] = []
            var places: [Int] = []
            for (index, face) in faces.enumerated() {
                do {
                    latents.append(try model.latent(of: face))
                    places.append(index)
                } catch {
                    deliver(index, .failure(error))
                }
            }
            model.generator.synthesize(latents, workspace: workspace) { latent, picture in
                let index = places[latent]
                let generated = clock.now
                deliver(
                    index,
                    Result {
                        let file = try encode(picture, faces[index], threads: threads)
                        return RenderedFace(
                            file: file, inference: generated - began, encoding: clock.now - generated)
                    })
                // What encoding took is no part of the next picture's inference.
                began += clock.now - generated
            }
        }
    }

    /// The complete file of one face.
    func render(_ parameters: FaceParameters) throws -> [UInt8] {
        var faces: [Result<RenderedFace, any Error>] = []
        render([parameters]) { faces.append($1) }
        return try faces[0].get().file
    }

    private func encode(_ image: RGBImage, _ parameters: FaceParameters, threads: Int) throws -> [UInt8] {
        if parameters.format.type == .score {
            let score = try scores.score(
                of: image, parameters, model: model, threads: threads, maxThreads: cores.largest)
            return Array(score.description.utf8)
        }
        let sized = parameters.size.map { image.resized(width: $0, height: $0) } ?? image
        return try parameters.format.encode(
            sized, text: parameters.textChunks(model: model.identity), threads: threads)
    }
}
