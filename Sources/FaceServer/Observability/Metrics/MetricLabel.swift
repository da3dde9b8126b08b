// SPDX-License-Identifier: Apache-2.0

/// The values that a label of a family may have, all known when the program starts, so that every series exists from
/// the first scrape on and a rate over it sees the first event.
protocol MetricLabel: CaseIterable, Hashable, Sendable, RawRepresentable<String> {
    /// The label's name.
    static var labelName: String { get }
}

/// Where a finished face may be found.
enum CacheTier: String, MetricLabel {
    /// In the process's own memory.
    case memory
    /// In `cache.directory`.
    case disk

    static let labelName = "tier"
}

/// What went wrong with a cache. The face was served all the same.
enum CacheFault: String, MetricLabel {
    /// An entry's checksum or form was wrong; it was removed and the face computed again.
    case corrupt
    /// An entry could not be read for another reason.
    case read
    /// An entry could not be written: the disk is full, or read-only.
    case write

    static let labelName = "kind"
}

/// Why a request was turned away that was well-formed and asked for something that exists.
enum RejectionReason: String, MetricLabel {
    /// As many requests wait as may (503).
    case queueFull = "queue_full"
    /// The time that the request was given ran out (504).
    case deadline
    /// The client asks for more than its rate (429).
    case rateLimited = "rate_limited"
    /// The server is shutting down (503).
    case draining
    /// No valid key or signature came with the request, or one without the scope (401, 403, 410).
    case unauthorized

    static let labelName = "reason"
}

/// How a reload of the models ended.
enum ReloadOutcome: String, MetricLabel {
    case succeeded
    /// The old models are still served.
    case failed

    static let labelName = "outcome"
}
