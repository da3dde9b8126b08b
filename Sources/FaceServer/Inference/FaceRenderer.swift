// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Makes PNGs out of parameters with one model: generator, resizing and encoding. One thread uses it at a time.
struct FaceRenderer {
    private let model: ServedModel
    private let workspace: Workspace
    private let cores: CoreShare
    private let encoder = PNGEncoder()

    /// - Parameters:
    ///   - cores: shared by all workers; tells how many threads a picture is computed on.
    ///   - workspace: one that the model's generator has made; nil to make one for single pictures.
    init(model: ServedModel, cores: CoreShare, workspace: Workspace? = nil) {
        self.model = model
        self.cores = cores
        self.workspace = workspace ?? model.generator.makeWorkspace(threads: cores.largest, batch: 1)
    }

    /// Makes faces, as many together as the workspace has room for, and hands each out as soon as it is ready.
    func render(_ faces: [FaceParameters], deliver: (Int, Result<RenderedFace, any Error>) -> Void) {
        cores.run { threads in
            workspace.threads = threads
            let clock = ContinuousClock()
            var began = clock.now
            model.generator.generate(faces.map(\.generationRequest), workspace: workspace) { index, picture in
                let generated = clock.now
                deliver(
                    index,
                    Result {
                        let png = try encode(picture.get(), faces[index], threads: threads)
                        return RenderedFace(
                            png: png, inference: generated - began, encoding: clock.now - generated)
                    })
                // What encoding took is no part of the next picture's inference.
                began += clock.now - generated
            }
        }
    }

    /// The complete PNG file of one face.
    func render(_ parameters: FaceParameters) throws -> [UInt8] {
        var faces: [Result<RenderedFace, any Error>] = []
        render([parameters]) { faces.append($1) }
        return try faces[0].get().png
    }

    private func encode(_ image: RGBImage, _ parameters: FaceParameters, threads: Int) throws -> [UInt8] {
        let sized = parameters.size.map { image.resized(width: $0, height: $0) } ?? image
        return try encoder.encode(sized, text: parameters.textChunks(model: model.identity), threads: threads)
    }
}
