// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import FaceServer

@Suite struct FaceWorkerTests {
    private let folder = TemporaryFolder()
    private let worker = FaceWorker(cores: CoreShare(cores: 1), maxBatchSize: 4, metrics: ServerMetrics())

    private func job(_ model: ServedModel, seed: UInt32 = 1, size: Int? = nil) -> FaceJob {
        FaceJob(
            model: model,
            parameters: FaceParameters(seed: seed, truncation: FixedDecimal(millionths: 700_000), size: size))
    }

    private func process(_ jobs: [FaceJob]) throws -> [[UInt8]] {
        var faces: [Int: Result<RenderedFace, any Error>] = [:]
        worker.process(jobs) { faces[$0] = $1 }
        return try jobs.indices.map { try #require(faces[$0]).get().file }
    }

    @Test func onlyFacesOfOneModelAndSizeShareABatch() throws {
        let a = try ServedModel(path: try folder.tinyModel("a.safetensors"))
        let b = try ServedModel(path: try folder.tinyModel("a.safetensors"))
        var other = job(a, seed: 2)
        other.parameters.truncation = FixedDecimal(millionths: 0)
        other.parameters.noise = .none
        other.parameters.classIndex = 1
        let group = FaceWorker.batchGroup(of: job(a))
        #expect(FaceWorker.batchGroup(of: other) == group)
        #expect(FaceWorker.batchGroup(of: job(a, size: 16)) != group)
        #expect(FaceWorker.batchGroup(of: job(b)) != group)
    }

    @Test func batchHasTheBytesOfSingleFaces() throws {
        let model = try ServedModel(path: try folder.tinyModel("a.safetensors"))
        let jobs = (0..<4).map { job(model, seed: $0) }
        let together = try process(jobs)
        let single = try jobs.map { try process([$0])[0] }
        #expect(together == single)
        #expect(Set(together).count == 4)
    }

    @Test func oneWorkspaceAModelAsLongAsItLives() throws {
        var a: ServedModel? = try ServedModel(path: try folder.tinyModel("a.safetensors"))
        let b = try ServedModel(path: try folder.tinyModel("b.safetensors", variant: 2))
        for _ in 0..<2 {
            for model in [a, b] {
                _ = try model.map { try process([job($0)]) }
            }
        }
        #expect(worker.workspaceCount == 2)
        a = nil
        worker.dropUnused()
        #expect(worker.workspaceCount == 1)
    }
}
