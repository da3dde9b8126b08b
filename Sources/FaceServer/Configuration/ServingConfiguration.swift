// SPDX-License-Identifier: Apache-2.0

/// The part of the configuration that is the serving core's: queue, batches and caches.
struct ServingConfiguration: Sendable {
    var maxQueueDepth: Int
    var maxQueueDelay: Duration
    var timeout: Duration
    var maxTimeout: Duration
    var maxBatchSize: Int
    var maxCacheBytes: Int
}

extension ServingConfiguration {
    var limits: DynamicBatcher<FaceWorker>.Limits {
        .init(maxQueueDepth: maxQueueDepth, maxBatchSize: maxBatchSize, maxQueueDelay: maxQueueDelay)
    }

    /// The default timeout is no longer than the longest.
    var termsBounds: RequestTerms.Bounds {
        .init(timeout: min(timeout, maxTimeout), maxTimeout: maxTimeout)
    }
}
