// SPDX-License-Identifier: Apache-2.0

/// What a reload did, by model name.
struct ModelReloadReport: Sendable, Equatable, Encodable {
    /// A model that was replaced.
    struct Replacement: Sendable, Equatable, Encodable {
        let name: String
        let formerSHA256: String
        let sha256: String
    }

    /// A model whose file cannot be served. The one that was loaded before still is.
    struct Failure: Sendable, Equatable, Encodable {
        let name: String
        let reason: String
    }

    var unchanged: [String] = []
    var replaced: [Replacement] = []
    var failed: [Failure] = []
}
