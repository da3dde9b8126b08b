// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GANKit
import Synchronization

/// Times a generator.
struct GenerationBenchmark {
    let generator: Generator
    /// The pictures of a round.
    let batch: Int
    /// The threads that all pictures share.
    let threads: Int

    /// The seconds per picture of each round. A round before the first is not measured: it touches the memory.
    func run(rounds: Int) throws -> [Double] {
        // Workers side by side are faster than one on all threads: 45 ms to 52 at 256x256, 244 to 255 at 1024x1024.
        let count = max(1, min(batch, threads))
        let workers = (0..<count).map { makeWorker($0, of: count) }
        let clock = ContinuousClock()
        var results: [Double] = []
        for round in 0...rounds {
            let duration = try clock.measure { try runRound(firstSeed: round * batch, workers: workers) }
            if round > 0 {
                results.append(duration / .seconds(1) / Double(batch))
            }
        }
        return results
    }

    /// How long each layer takes on all threads.
    func profile(rounds: Int) throws -> [LayerProfile.Entry] {
        let workspace = generator.makeWorkspace(threads: threads)
        _ = try generator.generate(request(seed: 0), workspace: workspace)
        let profile = LayerProfile()
        workspace.profile = profile
        for round in 0..<rounds {
            _ = try generator.generate(request(seed: round), workspace: workspace)
        }
        return profile.entries
    }

    /// How long a picture's PNG file takes, and how large it is.
    func encode(rounds: Int) throws -> BenchReport.PNG {
        let image = try generator.generate(request(seed: 0), workspace: generator.makeWorkspace(threads: threads))
        let encoder = PNGEncoder()
        let clock = ContinuousClock()
        var bytes = 0
        let milliseconds = try (0..<rounds).map { _ in
            try clock.measure { bytes = try encoder.encode(image, threads: threads).count } / .milliseconds(1)
        }
        return BenchReport.PNG(milliseconds: BenchReport.median(milliseconds), bytes: bytes)
    }

    /// A worker for its part of each round's pictures.
    private func makeWorker(_ index: Int, of workers: Int) -> Worker {
        let pictures = batch * index / workers..<batch * (index + 1) / workers
        return Worker(
            pictures: pictures,
            workspace: generator.makeWorkspace(
                threads: max(1, threads / workers), batch: min(pictures.count, 8)))
    }

    private func runRound(firstSeed: Int, workers: [Worker]) throws {
        let failure = Mutex<(any Error)?>(nil)
        DispatchQueue.concurrentPerform(iterations: workers.count) { index in
            let worker = workers[index]
            let requests = worker.pictures.map { request(seed: firstSeed + $0) }
            generator.generate(requests, workspace: worker.workspace) { _, picture in
                if case .failure(let error) = picture {
                    failure.withLock { $0 = error }
                }
            }
        }
        if let error = failure.withLock({ $0 }) {
            throw error
        }
    }

    private func request(seed: Int) -> GenerationRequest {
        GenerationRequest(
            seed: UInt32(truncatingIfNeeded: seed), classIndex: generator.configuration.cDim > 0 ? 0 : nil)
    }

    /// `@unchecked Sendable` because one iteration of a round at a time uses a worker, and rounds follow each other.
    private struct Worker: @unchecked Sendable {
        /// Of a round.
        let pictures: Range<Int>
        let workspace: Workspace
    }
}
