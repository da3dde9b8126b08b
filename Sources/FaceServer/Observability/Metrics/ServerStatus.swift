// SPDX-License-Identifier: Apache-2.0

/// What the gauges show. It is read from where it lives when someone asks, so that no gauge can drift from the truth.
struct ServerStatus: Sendable, Equatable {
    /// What a cache holds.
    struct CacheUsage: Sendable, Equatable {
        var entries = 0
        var bytes = 0
    }

    /// Requests that wait for a worker, of all models together.
    var queueDepth = 0
    /// Workers that compute.
    var busyWorkers = 0
    /// Workers there are.
    var workers = 0
    /// The caches that are in use; a tier that is switched off is absent.
    var caches: [CacheTier: CacheUsage] = [:]
    /// Lines of the log that nobody took in time.
    var lostLogLines = 0
}
