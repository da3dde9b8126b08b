// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// A form of URL under which a model's pictures are: which parameters it has and what it gives.
struct PictureEndpoint: Hashable, Sendable {
    /// What is in the picture.
    enum Kind: Sendable {
        /// The face of a seed.
        case face
        /// The face of a seed in the query, or a redirect to a random one.
        case anyFace
        /// What there is to know of a face.
        case facts
        /// The face of a latent in the request's body.
        case latent
        /// The face of a text.
        case avatar
        /// The faces of several seeds.
        case grid
        /// The faces of two lists of seeds, and each pair of them mixed.
        case mixes
        /// A face between those of seeds.
        case morph
        /// The way from one seed to the next.
        case animation
    }

    let kind: Kind
    /// nil where the request's `Accept` field decides, or where there is no picture.
    let type: PictureFileType?

    static let all =
        [
            PictureEndpoint(kind: .face, type: nil), PictureEndpoint(kind: .anyFace, type: .png),
            PictureEndpoint(kind: .facts, type: nil), PictureEndpoint(kind: .latent, type: nil),
        ]
        + PictureFileType.stills.flatMap { type in
            [Kind.face, .avatar, .grid, .mixes].map { PictureEndpoint(kind: $0, type: type) }
        }
        // A WebP of a morph is in motion.
        + [PictureEndpoint(kind: .morph, type: .png), PictureEndpoint(kind: .morph, type: .jpg)]
        + PictureFileType.animations.map { PictureEndpoint(kind: .animation, type: $0) }

    var method: HTTPMethod { kind == .latent ? .post : .get }

    /// The media types of what it gives.
    var mediaTypes: [String] {
        if kind == .facts { return ["application/json"] }
        return type.map { [$0.mediaType] } ?? PictureFileType.stills.map(\.mediaType)
    }

    /// The route's pattern, relative to the model's prefix.
    var pattern: String {
        let ending = type.map { ".\($0.rawValue)" } ?? ""
        return switch kind {
        case .face: "/faces/{seed}\(ending)"
        case .anyFace: "/face"
        case .facts: "/faces/{seed}.json"
        case .latent: "/faces"
        case .avatar: "/avatars/{text}\(ending)"
        case .grid: "/grids/{seeds}\(ending)"
        case .mixes: "/mixes/{rows}/{columns}\(ending)"
        case .morph, .animation: "/morphs/{seeds}\(ending)"
        }
    }

    /// What the URL gives, in one sentence.
    var summary: String {
        switch kind {
        case .face: "The face of a seed."
        case .anyFace: "The face of a seed, or a redirect to a random face."
        case .facts: "What there is to know of a face: parameters, URLs, and its latent if asked for."
        case .latent: "The face of a latent of your own."
        case .avatar: "The face of a text, the same for ever."
        case .grid: "The faces of several seeds in one picture."
        case .mixes: "The faces of two lists of seeds, and each pair of them mixed."
        case .morph: "A face between those of seeds."
        case .animation: "The way from one seed to the next, as an animation."
        }
    }
}
