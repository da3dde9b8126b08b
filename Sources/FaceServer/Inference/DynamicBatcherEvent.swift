// SPDX-License-Identifier: Apache-2.0

/// What a batcher tells whoever counts and measures.
enum DynamicBatcherEvent: Sendable, Equatable {
    /// A worker begins with a batch: how long each of its requests has waited.
    case started(waited: [Duration])
    /// A request left the queue because nobody wanted it any more.
    case withdrawn
}
