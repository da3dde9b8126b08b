// SPDX-License-Identifier: Apache-2.0

/// What a URL of one face stands for, so that a URL that is asked for again is not taken apart again, nor its tag computed.
final class KnownFace: Sendable {
    /// A request's target, and the type where that does not tell it.
    struct Name: Hashable, Sendable {
        let target: String
        let type: PictureFileType
    }

    let values: ParameterValues
    let job: FaceJob
    let key: FaceKey
    /// With the model's prefix.
    let canonicalURL: String

    init(_ query: PictureQuery, _ parameters: FaceParameters) {
        values = query.values
        job = FaceJob(model: query.entry.model, parameters: parameters)
        key = job.key
        canonicalURL = query.entry.canonicalURL(of: parameters)
    }
}

/// The faces that were asked for lately, of one model. Who reloads a model begins anew.
typealias KnownFaces = LRUCache<KnownFace.Name, KnownFace>

extension KnownFaces {
    /// A thousand of them, or fewer with long URLs.
    convenience init() {
        self.init(maxBytes: 2 << 20) { 1600 + 4 * $0.canonicalURL.utf8.count }
    }
}
