// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Everything the server counts and measures: created once by `buildApplication`, handed to whoever has something to
/// record, and read by `/metrics`. All methods may be called from any thread, take a short lock and do nothing else.
///
/// What is not an event but a state (queue depth, busy workers, what the caches hold) is not recorded; `ServerStatus`
/// tells it when `/metrics` is asked for.
struct ServerMetrics: Sendable {
    /// The time from the cheapest cached face to one that waited out a long queue.
    private static let requestBounds = [
        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
    ]
    private static let workBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    let requestDuration = Histogram(bounds: requestBounds, labelNames: ["route", "status"])
    let queueWait = Histogram(bounds: requestBounds)
    let batchSize = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64])
    let inferenceDuration = Histogram(bounds: workBounds, labelNames: ["model"])
    let pngDuration = Histogram(bounds: workBounds)
    let cacheHits = Counter<CacheTier>()
    let cacheMisses = Counter<CacheTier>()
    let cacheEvictions = Counter<CacheTier>()
    let cacheFaults = Counter<CacheFault>()
    let rejections = Counter<RejectionReason>()
    let reloads = Counter<ReloadOutcome>()
    let totals = Totals()

    /// What has no labels.
    final class Totals: Sendable {
        let inFlight = Atomic(0)
        let joined = Atomic(0)
        let cancelled = Atomic(0)
    }

    /// A request reached the router. Called by the outermost middleware only, which calls `requestEnded` too.
    func requestBegan() {
        totals.inFlight.wrappingAdd(1, ordering: .relaxed)
    }

    /// A request was answered, or its client left (status 499).
    ///
    /// - Parameter route: the pattern that matched, never the path itself; nil where none did.
    func requestEnded(route: String?, status: Int, duration: Duration) {
        totals.inFlight.wrappingSubtract(1, ordering: .relaxed)
        requestDuration.observe(duration, labels: [route ?? "none", String(status)])
    }

    /// The server answered what never reached the router: no request that it reads, or a connection too many. The answer
    /// takes no time.
    func requestRefused(status: Int) {
        requestDuration.observe(Duration.zero, labels: ["none", String(status)])
    }

    /// A request leaves the queue for a worker: how long it waited, which is next to nothing if a worker was free.
    /// Once for each request of a batch; not for one that was cancelled, or that joined another.
    func recordQueueWait(_ duration: Duration) {
        queueWait.observe(duration)
    }

    /// A worker starts on a batch of `size` requests.
    func recordBatch(size: Int) {
        batchSize.observe(Double(size))
    }

    /// The network has made all pictures of a batch. Once for each batch, PNG not included.
    ///
    /// - Parameter model: the name that the model is served by.
    func recordInference(model: String, _ duration: Duration) {
        inferenceDuration.observe(duration, labels: [model])
    }

    /// A picture has become a PNG: resizing and compression. Once for each picture.
    func recordPNG(_ duration: Duration) {
        pngDuration.observe(duration)
    }

    /// A face was found in this tier. A request answered 304 looks in none.
    func recordCacheHit(_ tier: CacheTier) {
        cacheHits.increment(tier)
    }

    /// A face was looked for in this tier and is not there.
    func recordCacheMiss(_ tier: CacheTier) {
        cacheMisses.increment(tier)
    }

    /// An entry was removed to make room.
    func recordCacheEviction(_ tier: CacheTier) {
        cacheEvictions.increment(tier)
    }

    /// The disk cache failed in a way that no client noticed.
    func recordCacheFault(_ kind: CacheFault) {
        cacheFaults.increment(kind)
    }

    /// A request found its face being computed already, and waits for the same result.
    func recordJoined() {
        totals.joined.wrappingAdd(1, ordering: .relaxed)
    }

    /// A computation that was queued was given up, because everyone who waited for it has left.
    func recordCancelled() {
        totals.cancelled.wrappingAdd(1, ordering: .relaxed)
    }

    /// A request was turned away. Once for each request, by the one who decides it.
    func recordRejected(_ reason: RejectionReason) {
        rejections.increment(reason)
    }

    /// A reload of the models has ended.
    func recordReload(_ outcome: ReloadOutcome) {
        reloads.increment(outcome)
    }
}
