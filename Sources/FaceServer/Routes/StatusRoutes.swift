// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/status`: how busy the server is, in a few numbers, for the page's live strip. What `/metrics` tells in full.
struct StatusRoutes: Sendable {
    private struct Report: Encodable {
        struct Cache: Encodable {
            /// Requests that looked for a face, and those that found it, in memory or on disk.
            let lookups: Int
            let hits: Int
            /// What the cache in memory holds.
            let entries: Int
            let bytes: Int
        }

        /// Requests that wait for a worker.
        let queue: Int
        let workers: Int
        let busy: Int
        /// Since the server started. Faces over batches is the mean batch.
        let batches: Int
        let faces: Int
        let cache: Cache

        init(_ metrics: ServerMetrics, _ status: ServerStatus) {
            queue = status.queueDepth
            workers = status.workers
            busy = status.busyWorkers
            let series = metrics.batchSize.values.map(\.series)
            batches = series.reduce(0) { $0 + $1.counts.reduce(0, +) }
            faces = Int(series.reduce(0) { $0 + $1.sum })
            let hits = Dictionary(uniqueKeysWithValues: metrics.cacheHits.values.map { ($0.label, $0.count) })
            let misses = Dictionary(uniqueKeysWithValues: metrics.cacheMisses.values.map { ($0.label, $0.count) })
            let kept = status.caches[.memory] ?? .init()
            cache = Cache(
                // Whoever looks on disk has looked in memory before.
                lookups: hits[.memory, default: 0] + misses[.memory, default: 0],
                hits: hits.values.reduce(0, +),
                entries: kept.entries,
                bytes: kept.bytes)
        }
    }

    let metrics: ServerMetrics
    /// What the gauges show; called at each request.
    let status: @Sendable () -> ServerStatus

    func add(to router: inout Router) {
        router.get("/status") { request in
            _ = try ParameterParser.none.parse(request)
            let report = try JSONText.encode(Report(metrics, status()))
            return .json(report + "\n", headers: ["Cache-Control": "no-store"])
        }
    }
}
