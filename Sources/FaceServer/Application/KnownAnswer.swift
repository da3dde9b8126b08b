// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// What a target was answered with before, and will be again.
final class KnownAnswer: Sendable {
    /// Of the models that gave the answer.
    let generation: Int
    let route: String?
    /// Of the picture, whose entity tag it gives.
    let key: FaceKey
    let entityTag: String
    /// The fields of a 304, without the request's identifier; nil where none has been given yet.
    let notModified: HTTPHeaders?
    /// Likewise those of a 200 whose body was in memory.
    let found: HTTPHeaders?

    init(
        generation: Int, route: String?, key: FaceKey, entityTag: String, notModified: HTTPHeaders?, found: HTTPHeaders?
    ) {
        self.generation = generation
        self.route = route
        self.key = key
        self.entityTag = entityTag
        self.notModified = notModified
        self.found = found
    }
}
