// SPDX-License-Identifier: Apache-2.0

import GANKit

/// Everything, besides the model, that decides the bytes of a face.
///
/// Values equal to the model's own default are nil, so that two spellings of one face are equal.
struct FaceParameters: Hashable, Sendable {
    var seed: UInt32
    var truncation: FixedDecimal
    /// The number of layers that truncation applies to; nil for all of them.
    var cutoff: Int?
    /// nil for an unconditional model.
    var classIndex: Int?
    var noise: NoiseMode = .const
    /// nil for a picture in its place.
    var translate: PictureOffset?
    /// In degrees; nil for an upright picture.
    var rotate: FixedDecimal?
    /// Width and height in pixels; nil for the model's resolution.
    var size: Int?

    /// What the generator is asked for. The size is not its concern.
    var generationRequest: GenerationRequest {
        GenerationRequest(
            seed: seed,
            truncationPsi: truncation.floatValue,
            truncationCutoff: cutoff,
            classIndex: classIndex,
            noiseMode: noise,
            transform: transform
        )
    }

    private var transform: ImageTransform? {
        guard translate != nil || rotate != nil else { return nil }
        let offset = translate ?? .zero
        return ImageTransform(
            translateX: offset.x.doubleValue, translateY: offset.y.doubleValue,
            rotationDegrees: rotate?.doubleValue ?? 0)
    }
}

extension FaceParameters {
    static let seedBounds = 0...Int(UInt32.max)
    static let truncationBounds = FixedDecimal(millionths: -2_000_000)...FixedDecimal(millionths: 2_000_000)

    /// In pictures.
    static let translationBounds = FixedDecimal(millionths: -10_000_000)...FixedDecimal(millionths: 10_000_000)
    /// In degrees.
    static let rotationBounds = FixedDecimal(millionths: -360_000_000)...FixedDecimal(millionths: 360_000_000)

    /// The parameters of a face of a model in canonical order. `seed` first: it is part of the path.
    static func declarations(for model: ModelTraits) -> [ParameterDeclaration] {
        [
            ParameterDeclaration(
                name: "seed",
                summary: "Which face. The same seed gives the picture that the official scripts give for it.",
                form: .integer(seedBounds),
                isRequired: true
            ),
            ParameterDeclaration(
                name: "truncation",
                summary: "How far from the average face: 0 is the average, 1 the model's full variety.",
                form: .decimal(truncationBounds)
            ),
            ParameterDeclaration(
                name: "cutoff",
                summary: "How many layers, counted from the coarsest, truncation applies to.",
                form: .integer(0...model.layerCount)
            ),
            ParameterDeclaration(
                name: "class",
                summary: "The class label of a conditional model.",
                form: model.classCount > 0
                    ? .integer(0...model.classCount - 1) : .unavailable(because: "this model has no classes"),
                isRequired: model.classCount > 0
            ),
            ParameterDeclaration(
                name: "noise",
                summary: "The fine detail: the model's own, drawn from the seed, or none.",
                form: model.hasNoise
                    ? .choice(NoiseMode.allCases.map(\.rawValue)) : .unavailable(because: "this model has no noise")
            ),
            ParameterDeclaration(
                name: "translate",
                summary: "How far the picture is moved to the right and down, in widths and heights of it.",
                form: model.hasTransform ? .offset(translationBounds) : .unavailable(because: immovable)
            ),
            ParameterDeclaration(
                name: "rotate",
                summary: "By how many degrees the picture is turned counter-clockwise.",
                form: model.hasTransform ? .decimal(rotationBounds) : .unavailable(because: immovable)
            ),
            ParameterDeclaration(
                name: "size",
                summary: "Width and height of the picture in pixels.",
                form: .integer(min(16, model.resolution)...model.resolution * 2)
            ),
        ]
    }

    private static let immovable = "only StyleGAN3 models move and turn their pictures"

    /// Takes values that have passed `declarations(for:)`.
    init(_ values: [String: ParameterDeclaration.Value], model: ModelTraits) {
        func integer(_ name: String) -> Int? {
            if case .integer(let number) = values[name] { number } else { nil }
        }
        seed = UInt32(clamping: integer("seed") ?? 0)
        if case .decimal(let number) = values["truncation"] {
            truncation = number
        } else {
            truncation = model.defaultTruncation
        }
        let defaultCutoff = min(model.defaultCutoff ?? model.layerCount, model.layerCount)
        cutoff = integer("cutoff").flatMap { $0 == defaultCutoff ? nil : $0 }
        classIndex = integer("class")
        if case .choice(let word) = values["noise"], let mode = NoiseMode(rawValue: word) {
            noise = mode
        }
        if case .offset(let offset) = values["translate"], offset != .zero {
            translate = offset
        }
        if case .decimal(let angle) = values["rotate"], angle.millionths != 0 {
            rotate = angle
        }
        size = integer("size").flatMap { $0 == model.resolution ? nil : $0 }
    }
}
