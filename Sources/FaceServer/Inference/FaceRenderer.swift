// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Makes PNGs out of parameters: generator, resizing and encoding, all on the worker that owns this.
final class FaceRenderer: BatchProcessor {
    private let model: ServedModel
    private let workspace: Workspace
    private let cores: CoreShare
    private let encoder = PNGEncoder()

    /// - Parameter cores: shared by all workers; tells how many threads a picture is computed on.
    init(model: ServedModel, cores: CoreShare) {
        self.model = model
        self.cores = cores
        workspace = model.generator.makeWorkspace(threads: cores.largest)
    }

    func process(_ requests: [FaceParameters], deliver: (Int, Result<[UInt8], any Error>) -> Void) {
        for (index, parameters) in requests.enumerated() {
            deliver(index, Result { try render(parameters) })
        }
    }

    /// The complete PNG file.
    func render(_ parameters: FaceParameters) throws -> [UInt8] {
        try cores.run { threads in
            workspace.threads = threads
            let image = try model.generator.generate(parameters.generationRequest, workspace: workspace)
            let sized = parameters.size.map { image.resized(width: $0, height: $0) } ?? image
            return try encoder.encode(sized, text: parameters.textChunks(model: model.identity))
        }
    }
}
