// SPDX-License-Identifier: Apache-2.0

import Dispatch
import FoundationEssentials
import Synchronization

/// Makes pictures into files, on all cores.
struct ImageWriter {
    let model: ServedModel
    let cores: Int

    /// Writes each picture, and prints each file's name as it is done. Stops at the first failure.
    func write(_ pictures: [(parameters: FaceParameters, file: URL)]) throws {
        let workers = max(1, min(cores, pictures.count))
        let share = CoreShare(cores: cores)
        let progress = Mutex(Progress())
        let display = ProgressDisplay(total: pictures.count) { progress.withLock { $0.done } }
        defer { display.end() }
        DispatchQueue.concurrentPerform(iterations: workers) { _ in
            let renderer = FaceRenderer(model: model, cores: share)
            while let index = progress.withLock({ $0.take(of: pictures.count) }) {
                let picture = pictures[index]
                do {
                    try Data(renderer.render(picture.parameters)).write(to: picture.file, options: .atomic)
                    progress.withLock { $0.done += 1 }
                    display.print("\(picture.file.relativePath)\n")
                } catch {
                    let failure = CommandFailure("\(picture.file.relativePath): \(Self.clause(error))")
                    progress.withLock { $0.failure = $0.failure ?? failure }
                }
            }
        }
        if let failure = progress.withLock({ $0.failure }) {
            throw failure
        }
    }

    private struct Progress {
        var next = 0
        var done = 0
        var failure: CommandFailure?

        /// The index of the next picture; nil when there are no more or one has failed.
        mutating func take(of count: Int) -> Int? {
            guard failure == nil, next < count else {
                return nil
            }
            defer { next += 1 }
            return next
        }
    }

    private static func clause(_ error: any Error) -> String {
        error is CocoaError ? "cannot be written" : String(describing: error)
    }
}
