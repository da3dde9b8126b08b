// SPDX-License-Identifier: Apache-2.0

/// Gives faces: from memory, from disk, from a computation that is under way, or by computing.
struct FaceService: Sendable {
    /// The dictionary entry and the array's header, roughly.
    private static let entryOverheadBytes = 256

    let batcher: DynamicBatcher<FaceWorker>
    let flights: Flights<FaceKey, FaceWorker>
    let store: FaceStore
    private let pool: WorkerPool<FaceWorker>
    private let limiter: RateLimiter?
    private let clock: any DeadlineClock

    /// - Parameter limiter: is charged for each face that has to be computed.
    init(
        pool: WorkerPool<FaceWorker>, limits: DynamicBatcher<FaceWorker>.Limits, maxCacheBytes: Int,
        disk: DiskCache? = nil, limiter: RateLimiter? = nil, metrics: ServerMetrics,
        clock: any DeadlineClock = SystemDeadlineClock()
    ) {
        let store = FaceStore(
            memory: LRUCache(
                maxBytes: maxCacheBytes, cost: { $0.file.count + Self.entryOverheadBytes },
                onEviction: { metrics.recordCacheEviction(.memory) }),
            disk: disk, metrics: metrics)
        self.store = store
        self.limiter = limiter
        self.pool = pool
        self.clock = clock
        batcher = DynamicBatcher(limits: limits, pool: pool, now: { clock.now }) { event in
            switch event {
            case .started(let waited):
                metrics.recordBatch(size: waited.count)
                waited.forEach(metrics.recordQueueWait)
            case .withdrawn:
                metrics.recordCancelled()
            }
        }
        flights = Flights(
            batcher: batcher,
            store: .init(
                recall: { store.memory.value(for: $0) },
                fetch: { await store.fetched($0) },
                keepFetched: { store.memory.insert($1, for: $0) },
                keepComputed: { store.keep($1.file, for: $0) }),
            clock: clock,
            onJoin: { metrics.recordJoined() })
    }

    /// The face that a job describes.
    ///
    /// - Throws: `RateLimiter.Exceeded`, `DynamicBatcherError`, `CancellationError`, `GenerationError`, `ImageEncodingError`.
    func face(_ job: FaceJob, _ terms: RequestTerms) async throws -> Flights<FaceKey, FaceWorker>.Arrival {
        try await face(job, job.key, terms)
    }

    /// The face that a job describes, whose key is known already.
    func face(
        _ job: FaceJob, _ key: FaceKey, _ terms: RequestTerms
    ) async throws -> Flights<FaceKey, FaceWorker>.Arrival {
        if let face = store.recalled(key) {
            return .init(response: face, source: .recalled)
        }
        return try await flights.result(
            for: key, job, priority: terms.priority, deadline: clock.now + terms.timeout,
            admission: admission(of: RequestContext.current?.client))
    }

    /// A token of the client's, where there is a rate limit.
    private func admission(of client: ClientIdentity?) -> Flights<FaceKey, FaceWorker>.Admission {
        guard let limiter, let client else { return .init() }
        return .init(charge: { try limiter.charge(client) }, refund: { limiter.refund(client) })
    }

    /// A file that was kept, if there is one: a face's, or a composite's.
    func kept(_ key: FaceKey) async -> [UInt8]? {
        if let face = store.recalled(key) { return face.file }
        guard let face = await store.fetched(key) else { return nil }
        store.memory.insert(face, for: key)
        return face.file
    }

    /// Keeps what was made of faces, as a face is kept.
    func keep(_ file: [UInt8], for key: FaceKey) {
        store.keep(file, for: key)
    }

    /// Takes nothing new any more, and returns when everything is computed and written.
    func drain() async {
        await batcher.drain()
        await store.disk?.drain()
    }

    /// Frees the memory that workers keep for models that are gone.
    func dropUnused() {
        pool.runOnAll { $0.dropUnused() }
    }

    /// What the gauges show.
    var status: ServerStatus {
        let now = batcher.status
        let kept = store.memory.status
        var caches = [CacheTier.memory: ServerStatus.CacheUsage(entries: kept.count, bytes: kept.bytes)]
        if let stored = store.disk?.status {
            caches[.disk] = .init(entries: stored.count, bytes: stored.bytes)
        }
        return ServerStatus(
            queueDepth: now.waiting, busyWorkers: now.busyWorkers, workers: pool.count, caches: caches)
    }
}
