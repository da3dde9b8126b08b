// SPDX-License-Identifier: Apache-2.0

/// A face to be made.
struct FaceJob: Sendable {
    let model: ServedModel
    var parameters: FaceParameters

    var key: FaceKey {
        FaceKey(
            model: model.identity,
            canonicalURL: parameters.canonicalURL + model.directions.fingerprint(of: parameters.edits),
            encoder: parameters.format.type.encoder)
    }
}
