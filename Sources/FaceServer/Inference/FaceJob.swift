// SPDX-License-Identifier: Apache-2.0

/// A face to be made.
struct FaceJob: Sendable {
    let model: ServedModel
    var parameters: FaceParameters

    var key: FaceKey {
        FaceKey(model, parameters.canonicalURL, edits: parameters.edits, type: parameters.format.type)
    }
}
