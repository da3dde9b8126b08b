// SPDX-License-Identifier: Apache-2.0

/// How one worker computes. Each worker makes its own, uses it on its own queue only, and so needs no lock.
protocol BatchProcessor: AnyObject, SendableMetatype {
    associatedtype Request: Sendable
    associatedtype Response: Sendable
    associatedtype BatchGroup: Equatable, Sendable

    /// Only requests of the same group may be in one batch.
    static func batchGroup(of request: Request) -> BatchGroup

    /// Computes `requests` and hands each result to `deliver`, with its index, as soon as it is ready.
    ///
    /// A request that gets no result by the time this returns fails with `DynamicBatcherError.noResult`.
    func process(_ requests: [Request], deliver: (Int, Result<Response, any Error>) -> Void)
}
