// SPDX-License-Identifier: Apache-2.0

import GANKit

extension PictureEndpoint {
    /// The parameters that decide the picture, in canonical order.
    func declarations(for model: ModelTraits, limits: CompositeLimits) -> [ParameterDeclaration] {
        let face = FaceParameters.declarations(for: model, type: type).dropFirst()
        // What several faces have in common.
        let common =
            FaceParameters.declarationsOfStyle(for: model)
            + FaceParameters.declarationsOfPicture(for: model, type: type)
        switch kind {
        case .face:
            return [seed(.path, isRequired: true)] + face + judgement(model)
        case .anyFace:
            return [seed(.query, isRequired: false)] + face
        case .facts:
            return [seed(.path, isRequired: true)] + face + [Self.w]
        case .latent:
            return common
        case .avatar:
            return [Self.text] + face
        case .grid:
            return [seeds("seeds", "Which faces, row by row.", limits)] + common + [columns(limits)]
        case .mixes:
            return [
                seeds("rows", "The faces of the first column, which decide what their columns do not.", limits),
                seeds("columns", "The faces of the first row, which decide the layers.", limits),
            ] + common + [FaceParameters.layersDeclaration(for: model)]
        case .morph:
            return [Self.way] + common + [Self.place, Self.space, Self.loop(isDefault: false)]
        case .animation:
            return [Self.way] + common + [Self.space, Self.loop(isDefault: true), frames(limits), Self.rate]
        }
    }

    private func seed(_ place: ParameterDeclaration.Place, isRequired: Bool) -> ParameterDeclaration {
        var seed = FaceParameters.seedDeclaration
        seed.place = place
        seed.isRequired = isRequired
        return seed
    }

    private func judgement(_ model: ModelTraits) -> [ParameterDeclaration] {
        let reason = "this checkpoint has no discriminator"
        return [
            ParameterDeclaration(
                name: "score",
                summary: "Gives in X-Face-Score what the model's discriminator says of the face: the more the better.",
                form: model.hasDiscriminator ? .flag : .unavailable(because: reason)),
            ParameterDeclaration(
                name: "best_of",
                summary: "Gives the best of so many faces, of this seed and those that follow, by their scores.",
                form: model.hasDiscriminator
                    ? .integer(PictureRoutes.bestOfBounds) : .unavailable(because: reason)),
        ]
    }

    private func seeds(_ name: String, _ summary: String, _ limits: CompositeLimits) -> ParameterDeclaration {
        ParameterDeclaration(
            name: name, summary: summary, form: .seeds(maxCount: limits.maxCells), isRequired: true, place: .path)
    }

    private static let w = ParameterDeclaration(
        name: "w",
        summary:
            "Gives the face's w of all layers too, as lists of numbers or as base64 of little-endian 32-bit floats.",
        form: .choice(WForm.allCases.map(\.rawValue)))

    private static let text = ParameterDeclaration(
        name: "text",
        summary: "Any text. The first 32 bits of the SHA-256 of its bytes, in UTF-8, are the face's seed.",
        form: .text(maxBytes: Avatar.maxBytes), isRequired: true, place: .path)

    private func columns(_ limits: CompositeLimits) -> ParameterDeclaration {
        ParameterDeclaration(
            name: "columns",
            summary: "How many faces stand in a row; about as many as there are rows if nothing is said.",
            form: .integer(1...limits.maxCells))
    }

    private static let way = ParameterDeclaration(
        name: "seeds", summary: "The seeds of the way, in order.", form: .way(counts: MorphPoint.seedCounts),
        isRequired: true, place: .path)

    private static let place = ParameterDeclaration(
        name: "t",
        summary: "Where on the way: 0 is the first seed, 1 the second, and so on; 0.5 if nothing is said.",
        form: .decimal(
            FixedDecimal(millionths: 0)...FixedDecimal(millionths: MorphPoint.seedCounts.upperBound * 1_000_000)))

    private static let space = ParameterDeclaration(
        name: "space",
        summary: "Whether the way is in the intermediate latent w, or along the sphere of inputs z.",
        form: .choice(MorphPoint.Space.allCases.map(\.rawValue)))

    private static func loop(isDefault: Bool) -> ParameterDeclaration {
        ParameterDeclaration(
            name: "loop",
            summary: "Whether the way is closed and, in w, smooth; \(isDefault) if nothing is said.",
            form: .flag)
    }

    private func frames(_ limits: CompositeLimits) -> ParameterDeclaration {
        ParameterDeclaration(
            name: "frames",
            summary: "How many pictures there are on the whole way; \(Animation.defaultFrames) if nothing is said.",
            form: .integer(2...limits.maxFrames))
    }

    private static let rate = ParameterDeclaration(
        name: "fps",
        summary: "How many pictures are shown in a second; \(Animation.defaultFramesPerSecond) if nothing is said.",
        form: .integer(AnimationTiming.frameRates))
}
