// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GANKit
import Synchronization

/// Times a generator.
struct GenerationBenchmark {
    let generator: Generator
    /// How many pictures are made at once, each by a worker of its own.
    let workers: Int
    let threadsPerWorker: Int

    /// The seconds per picture of each round. A round before the first is not measured: it touches the memory.
    func run(rounds: Int) throws -> [Double] {
        let lanes = (0..<workers).map { _ in Lane(workspace: generator.makeWorkspace(threads: threadsPerWorker)) }
        let clock = ContinuousClock()
        var results: [Double] = []
        for round in 0...rounds {
            let failure = Mutex<(any Error)?>(nil)
            let duration = clock.measure {
                DispatchQueue.concurrentPerform(iterations: workers) { index in
                    let request = GenerationRequest(seed: UInt32(round * workers + index))
                    do {
                        _ = try generator.generate(request, workspace: lanes[index].workspace)
                    } catch {
                        failure.withLock { $0 = error }
                    }
                }
            }
            if let error = failure.withLock({ $0 }) {
                throw error
            }
            if round > 0 {
                results.append(duration / .seconds(1) / Double(workers))
            }
        }
        return results
    }

    /// How long each layer takes on all threads.
    func profile(rounds: Int) throws -> [LayerProfile.Entry] {
        let workspace = generator.makeWorkspace(threads: threadsPerWorker)
        _ = try generator.generate(GenerationRequest(seed: 0), workspace: workspace)
        let profile = LayerProfile()
        workspace.profile = profile
        for round in 0..<rounds {
            _ = try generator.generate(GenerationRequest(seed: UInt32(round)), workspace: workspace)
        }
        return profile.entries
    }

    /// `@unchecked Sendable` because one iteration of a round at a time uses a lane, and rounds follow each other.
    private struct Lane: @unchecked Sendable {
        let workspace: Workspace
    }
}
