// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Makes faces with whatever model a batch wants. It keeps one workspace for each model that it has worked with, made at
/// the first face, so that all workers together hold at most one a worker and model.
final class FaceWorker: BatchProcessor {
    /// Faces of one model and size go through the network together; truncation, noise and class may differ.
    struct BatchGroup: Equatable, Sendable {
        let model: ObjectIdentifier
        let size: Int?
    }

    /// A model's workspace, which lives as long as the model does.
    private struct Bench {
        weak var model: ServedModel?
        let workspace: Workspace
        let scores = ScoreBench()
    }

    private let cores: CoreShare
    private let maxBatchSize: Int
    private let metrics: ServerMetrics
    private var benches: [ObjectIdentifier: Bench] = [:]

    init(cores: CoreShare, maxBatchSize: Int, metrics: ServerMetrics) {
        self.cores = cores
        self.maxBatchSize = maxBatchSize
        self.metrics = metrics
    }

    static func batchGroup(of job: FaceJob) -> BatchGroup {
        BatchGroup(model: ObjectIdentifier(job.model), size: job.parameters.size)
    }

    func process(_ jobs: [FaceJob], deliver: (Int, Result<RenderedFace, any Error>) -> Void) {
        guard let model = jobs.first?.model else { return }
        dropUnused()
        let bench = bench(for: model)
        let renderer = FaceRenderer(model: model, cores: cores, workspace: bench.workspace, scores: bench.scores)
        var inference: Duration?
        renderer.render(jobs.map(\.parameters)) { index, face in
            if case .success(let face) = face {
                inference = face.inference
                face.encoding.map(metrics.recordPNG)
            }
            deliver(index, face)
        }
        // The last picture's time is that of the batch.
        inference.map { metrics.recordInference(model: model.identity.name, $0) }
    }

    /// How many models' workspaces are held.
    var workspaceCount: Int { benches.count }

    /// Frees the workspaces of models that are gone.
    func dropUnused() {
        benches = benches.filter { $0.value.model != nil }
    }

    private func bench(for model: ServedModel) -> Bench {
        // The object's address may have been another model's before.
        if let bench = benches[ObjectIdentifier(model)], bench.model === model {
            return bench
        }
        let workspace = model.generator.makeWorkspace(threads: cores.largest, batch: maxBatchSize)
        let bench = Bench(model: model, workspace: workspace)
        benches[ObjectIdentifier(model)] = bench
        return bench
    }
}
