// SPDX-License-Identifier: Apache-2.0

/// Why the batcher did not give a result.
enum DynamicBatcherError: Error, Equatable {
    /// As many requests wait as may; the measured rate says that a place is free after `retryAfter`.
    case queueFull(retryAfter: Duration)
    /// The request's deadline passed before it had its result.
    case deadlineExceeded
    /// The server is shutting down and takes nothing new.
    case draining
    /// The processor returned without a result for this request, which is a defect of the processor.
    case noResult
}
