// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Makes PNGs out of parameters: generator, resizing and encoding, all on the worker that owns this.
final class FaceRenderer: BatchProcessor {
    private let model: ServedModel
    private let workspace: Workspace
    private let cores: CoreShare
    private let encoder = PNGEncoder()

    /// - Parameters:
    ///   - cores: shared by all workers; tells how many threads a picture is computed on.
    ///   - batch: how many pictures go through the network together
    init(model: ServedModel, cores: CoreShare, batch: Int = 1) {
        self.model = model
        self.cores = cores
        workspace = model.generator.makeWorkspace(threads: cores.largest, batch: batch)
    }

    func process(_ requests: [FaceParameters], deliver: (Int, Result<[UInt8], any Error>) -> Void) {
        cores.run { threads in
            workspace.threads = threads
            model.generator.generate(requests.map(\.generationRequest), workspace: workspace) { index, picture in
                deliver(index, Result { try encode(picture.get(), requests[index], threads: threads) })
            }
        }
    }

    /// The complete PNG file.
    func render(_ parameters: FaceParameters) throws -> [UInt8] {
        var files: [Result<[UInt8], any Error>] = []
        process([parameters]) { files.append($1) }
        return try files[0].get()
    }

    private func encode(_ image: RGBImage, _ parameters: FaceParameters, threads: Int) throws -> [UInt8] {
        let sized = parameters.size.map { image.resized(width: $0, height: $0) } ?? image
        return try encoder.encode(sized, text: parameters.textChunks(model: model.identity), threads: threads)
    }
}
