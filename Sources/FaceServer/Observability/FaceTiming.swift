// SPDX-License-Identifier: Apache-2.0

/// How a face came about, for the answer's `Server-Timing` field.
struct FaceTiming: Sendable, Equatable {
    /// What the caches had to say.
    enum Cache: String, Sendable {
        /// The face was found in a cache.
        case hit
        /// The face was computed for this request.
        case miss
        /// Another request's computation was under way, and this one waited for it.
        case joined
    }

    var cache: Cache
    /// From the request's arrival in the queue to its start; nil for a hit. Of one that joined, what is left to wait is
    /// counted in none of the three.
    var queue: Duration?
    /// The network's time for the batch that the face was part of.
    var inference: Duration?
    /// Of a composite: the time until all of its faces were there.
    var cells: Duration?
    /// Resizing and compression; of a composite putting together and compression.
    var png: Duration?

    /// The field's value, W3C Server Timing section 4: "cache;desc=miss, queue;dur=0.05, infer;dur=1.4, png;dur=0.9".
    /// Durations are milliseconds.
    var fieldValue: String {
        let parts = [("queue", queue), ("infer", inference), ("cells", cells), ("png", png)].compactMap {
            name, duration in
            duration.map { "\(name);dur=\(FixedDecimal(milliseconds: $0))" }
        }
        return (["cache;desc=\(cache.rawValue)"] + parts).joined(separator: ", ")
    }
}
