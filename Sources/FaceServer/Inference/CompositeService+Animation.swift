// SPDX-License-Identifier: Apache-2.0

import GANKit
import MiniHTTP

extension CompositeService {
    /// An animation, sent while it is computed.
    ///
    /// - Throws: what `FaceService.face` throws for the first frame.
    func animation(_ job: AnimationJob, _ terms: RequestTerms) async throws -> Picture {
        if let file = await faces.kept(job.key) {
            return Picture(file: file, timing: FaceTiming(cache: .hit).fieldValue)
        }
        let began = clock.now
        let first = try await file(of: job.frame(0), until: began + terms.timeout, .nothing)
        // The stream runs in a task of its own, which knows nothing of the request.
        let context = RequestContext.current
        let stream = HTTPBodyStream { send in
            try await RequestContext.$current.withValue(context) {
                try await self.send(job, first, terms, send)
            }
        }
        return Picture(stream: stream, timing: FaceTiming(cache: .miss, cells: clock.now - began).fieldValue)
    }

    private func send(
        _ job: AnimationJob, _ first: [UInt8], _ terms: RequestTerms, _ send: @escaping HTTPBodyStream.Send
    ) async throws {
        let writer = try AnimationWriter(job, threads: threads)
        var kept: [UInt8]? = []
        func pass(_ piece: [UInt8]) async throws {
            kept?.append(contentsOf: piece)
            if let count = kept?.count, count > Self.maxKeptBytes {
                kept = nil
            }
            try await send(piece)
        }
        try await pass(try await run { try writer.append(first) })
        try await withThrowingTaskGroup(of: (index: Int, file: [UInt8]).self) { group in
            // Frames that are there before their turn.
            var waiting: [Int: [UInt8]] = [:]
            var asked = 1..<1
            for index in 1..<job.animation.frames.count {
                for next in asked.upperBound..<min(job.animation.frames.count, index + Self.maxPending) {
                    group.addTask {
                        let deadline = clock.now + terms.timeout
                        return (next, try await file(of: job.frame(next), until: deadline, .withQueueAndRate))
                    }
                    asked = 1..<next + 1
                }
                while waiting[index] == nil, let done = try await group.next() {
                    waiting[done.index] = done.file
                }
                guard let file = waiting.removeValue(forKey: index) else { break }
                try await pass(try await run { try writer.append(file) })
            }
        }
        try await pass(try await run { try writer.finish() })
        if let kept {
            faces.keep(kept, for: job.key)
        }
    }
}

extension AnimationJob {
    fileprivate func frame(_ index: Int) -> FaceJob {
        FaceJob(model: model, parameters: animation.frames[index])
    }
}
