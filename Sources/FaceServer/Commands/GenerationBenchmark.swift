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

    /// The pictures that are in the works at once, as in a server whose queue is long.
    private var workers: Int { max(1, min(batch, threads)) }
    private var threadsPerWorker: Int { max(1, threads / workers) }

    /// The seconds per picture of each round. A round before the first is not measured: it touches the memory.
    func run(rounds: Int) throws -> [Double] {
        let lanes = (0..<workers).map { _ in Lane(workspace: generator.makeWorkspace(threads: threadsPerWorker)) }
        let clock = ContinuousClock()
        var results: [Double] = []
        for round in 0...rounds {
            let duration = try clock.measure { try runRound(firstSeed: round * batch, lanes: lanes) }
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
            try clock.measure { bytes = try encoder.encode(image).count } / .milliseconds(1)
        }
        return BenchReport.PNG(milliseconds: BenchReport.median(milliseconds), bytes: bytes)
    }

    private func runRound(firstSeed: Int, lanes: [Lane]) throws {
        let progress = Mutex((taken: 0, failure: (any Error)?.none))
        DispatchQueue.concurrentPerform(iterations: lanes.count) { lane in
            while let index = progress.withLock({ progress -> Int? in
                guard progress.taken < batch, progress.failure == nil else { return nil }
                defer { progress.taken += 1 }
                return progress.taken
            }) {
                do {
                    _ = try generator.generate(request(seed: firstSeed + index), workspace: lanes[lane].workspace)
                } catch {
                    progress.withLock { $0.failure = error }
                }
            }
        }
        if let failure = progress.withLock({ $0.failure }) {
            throw failure
        }
    }

    private func request(seed: Int) -> GenerationRequest {
        GenerationRequest(
            seed: UInt32(truncatingIfNeeded: seed), classIndex: generator.configuration.cDim > 0 ? 0 : nil)
    }

    /// `@unchecked Sendable` because one iteration of a round at a time uses a lane, and rounds follow each other.
    private struct Lane: @unchecked Sendable {
        let workspace: Workspace
    }
}
