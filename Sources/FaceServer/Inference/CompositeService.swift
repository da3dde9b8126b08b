// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GANKit
import MiniHTTP

/// Makes pictures of several faces.
///
/// The guarantee:
/// - Each face is asked of `FaceService` as if somebody asked for it alone: it comes from a cache if it is there, joins
///   whoever asks for the same face, is charged to the client if it has to be computed, and is kept. So what is lost when
///   a composite fails is not its faces, and the next attempt gets further.
/// - Faces wait with bulk priority, at most `maxPending` of one composite at a time. Of a grid, one that finds the queue
///   full waits and tries again until the request's deadline, but for the first ones, which tell the client that the
///   server is busy.
/// - An animation is sent while it is computed. Its first frame decides the answer's status and is waited for as any face.
///   Each further frame has the request's timeout for itself; one for which the queue is full or the client's rate is used
///   up is tried again within it, since it is too late to refuse. A frame that fails ends the stream without its end.
/// - Faces wait for each other as files. The pixels of only one composite at a time, or one frame, are in memory.
/// - A finished composite is kept as a face is, an animation if it has at most `maxKeptBytes`.
struct CompositeService: Sendable {
    static let maxPending = 16
    static let maxKeptBytes = 32 << 20

    /// A picture, finished or on its way.
    struct Picture: Sendable {
        var file: [UInt8] = []
        /// In place of `file`.
        var stream: HTTPBodyStream?
        /// The value of `Server-Timing`.
        let timing: String
    }

    let faces: FaceService
    let threads: Int
    let clock: any DeadlineClock
    private let queue = DispatchQueue(label: "faceserver.composer", qos: .userInitiated)

    /// - Parameter threads: how many compress a composite.
    init(faces: FaceService, threads: Int, clock: any DeadlineClock = SystemDeadlineClock()) {
        self.faces = faces
        self.threads = threads
        self.clock = clock
    }

    /// The picture of a grid.
    ///
    /// - Throws: what `FaceService.face` throws, `PNGDecodingError`, or `ImageEncodingError`.
    func picture(_ job: GridJob, _ terms: RequestTerms) async throws -> Picture {
        if let file = await faces.kept(job.key) {
            return Picture(file: file, timing: FaceTiming(cache: .hit).fieldValue)
        }
        let began = clock.now
        let cells = try await files(of: job, until: began + terms.timeout)
        let gathered = clock.now
        let file = try await run { try Self.compose(job, cells, threads: threads) }
        faces.keep(file, for: job.key)
        let timing = FaceTiming(cache: .miss, cells: gathered - began, png: clock.now - gathered)
        return Picture(file: file, timing: timing.fieldValue)
    }

    /// The PNGs of a grid's faces, by their places.
    private func files(of job: GridJob, until deadline: ContinuousClock.Instant) async throws -> [Int: [UInt8]] {
        let places = job.grid.cells.enumerated().compactMap { place, face in face.map { (place, $0) } }
        return try await withThrowingTaskGroup(of: (place: Int, file: [UInt8]).self) { group in
            var files: [Int: [UInt8]] = [:]
            for (index, (place, face)) in places.enumerated() {
                if index >= Self.maxPending, let done = try await group.next() {
                    files[done.place] = done.file
                }
                let job = FaceJob(model: job.model, parameters: face)
                let patience = index < Self.maxPending ? Patience.nothing : .withQueue
                group.addTask { (place, try await file(of: job, until: deadline, patience)) }
            }
            for try await done in group {
                files[done.place] = done.file
            }
            return files
        }
    }

    /// What is tried again rather than told.
    enum Patience {
        case nothing
        case withQueue
        case withQueueAndRate
    }

    /// The PNG of a face.
    func file(
        of job: FaceJob, until deadline: ContinuousClock.Instant, _ patience: Patience
    ) async throws -> [UInt8] {
        while true {
            do {
                let terms = RequestTerms(timeout: deadline - clock.now, priority: .bulk)
                return try await faces.face(job, terms).response.file
            } catch DynamicBatcherError.queueFull(let retryAfter) where patience != .nothing && clock.now < deadline {
                try await Task.sleep(for: min(retryAfter, .milliseconds(250)))
            } catch let error as RateLimiter.Exceeded where patience == .withQueueAndRate {
                guard clock.now + error.standing.nextToken < deadline else { throw error }
                try await Task.sleep(for: error.standing.nextToken)
            }
        }
    }

    /// Runs what works on pixels, one at a time.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await queue.run(work)
    }

    /// Puts the faces beside each other and writes the picture.
    static func compose(_ job: GridJob, _ cells: [Int: [UInt8]], threads: Int) throws -> [UInt8] {
        let size = job.cellSize
        let black = RGBImage(width: size, height: size, pixels: [UInt8](repeating: 0, count: size * size * 3))
        let images = try job.grid.cells.indices.map { place in
            try cells[place].map { try PNGDecoder().decode($0, maxPixels: size * size) } ?? black
        }
        return try job.grid.format.encode(
            RGBImage.grid(images, columns: job.grid.columns),
            text: job.model.identity.compositeText(job.grid.canonicalURL), threads: threads)
    }
}
