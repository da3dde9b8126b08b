// SPDX-License-Identifier: Apache-2.0

import Logging

/// The part of the configuration that is the serving core's: queue, batches and caches.
struct ServingConfiguration: Sendable {
    var maxQueueDepth: Int
    var maxQueueDelay: Duration
    var timeout: Duration
    var maxTimeout: Duration
    var maxBatchSize: Int
    var maxCacheBytes: Int
    /// nil for no cache on disk.
    var cacheDirectory: String?
    var maxDiskCacheBytes: Int
    var composites = CompositeLimits()
}

extension ServingConfiguration {
    var limits: DynamicBatcher<FaceWorker>.Limits {
        .init(maxQueueDepth: maxQueueDepth, maxBatchSize: maxBatchSize, maxQueueDelay: maxQueueDelay)
    }

    /// - Throws: `CommandFailure` when the folder is not to be had.
    func diskCache(metrics: ServerMetrics, logger: Logger) throws -> DiskCache? {
        try cacheDirectory.map {
            try DiskCache(directory: $0, maxBytes: maxDiskCacheBytes, metrics: metrics, logger: logger)
        }
    }

    /// The default timeout is no longer than the longest.
    var termsBounds: RequestTerms.Bounds {
        .init(timeout: min(timeout, maxTimeout), maxTimeout: maxTimeout)
    }
}
