// SPDX-License-Identifier: Apache-2.0

import GANKit

extension FaceParameters {
    static let seedBounds = 0...Int(UInt32.max)
    static let truncationBounds = FixedDecimal(millionths: -2_000_000)...FixedDecimal(millionths: 2_000_000)

    /// In pictures.
    static let translationBounds = FixedDecimal(millionths: -10_000_000)...FixedDecimal(millionths: 10_000_000)
    /// In degrees.
    static let rotationBounds = FixedDecimal(millionths: -360_000_000)...FixedDecimal(millionths: 360_000_000)

    /// The parameters of a face of a model in canonical order.
    ///
    /// - Parameter type: the picture's file format; nil where the request's `Accept` field decides
    static func declarations(for model: ModelTraits, type: PictureFileType? = .png) -> [ParameterDeclaration] {
        [seedDeclaration] + declarationsOfStyle(for: model) + [mixDeclaration]
            + [layersDeclaration(for: model)] + declarationsOfPicture(for: model, type: type)
    }

    static let seedDeclaration = ParameterDeclaration(
        name: "seed",
        summary: "Which face. The same seed gives the picture that the official scripts give for it.",
        form: .integer(seedBounds),
        isRequired: true
    )

    private static let mixDeclaration = ParameterDeclaration(
        name: "mix",
        summary: "A second seed, which decides some of the layers.",
        form: .integer(seedBounds)
    )

    static func layersDeclaration(for model: ModelTraits) -> ParameterDeclaration {
        ParameterDeclaration(
            name: "layers",
            summary: "The layers, counted from the coarsest, that the second seed decides; 0-6 if nothing is said.",
            form: .layers(count: model.layerCount)
        )
    }

    /// What decides a face beside its seeds.
    static func declarationsOfStyle(for model: ModelTraits) -> [ParameterDeclaration] {
        [
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
                    ? .choice(NoiseMode.allCases.map(\.rawValue)) : .unavailable(because: noiseless)
            ),
            ParameterDeclaration(
                name: "noise_seed",
                summary: "What random noise is drawn from, in place of the face's seed.",
                form: model.hasNoise ? .integer(seedBounds) : .unavailable(because: noiseless)
            ),
            ParameterDeclaration(
                name: "edit",
                summary: "Steps along the model's directions, each with a distance and, if not all, layers.",
                form: model.directionCount + model.directionNames.count > 0
                    ? .edits(count: model.directionCount, names: model.directionNames, layers: model.layerCount)
                    : .unavailable(because: "this model has no directions")
            ),
        ]
    }

    /// How a face becomes a picture.
    static func declarationsOfPicture(for model: ModelTraits, type: PictureFileType?) -> [ParameterDeclaration] {
        let isLossless = type.map { $0.defaultQuality == nil } ?? false
        return [
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
            ParameterDeclaration(
                name: "quality",
                summary: "How much of the picture is kept, and how large the file is.",
                form: isLossless ? .unavailable(because: "a PNG loses nothing") : .integer(ImageQuality.bounds)
            ),
        ]
    }

    private static let noiseless = "this model has no noise"
    private static let immovable = "only StyleGAN3 models move and turn their pictures"

    /// Takes values that have passed the declarations.
    ///
    /// - Throws: `ParameterError` for a parameter that says nothing without another one.
    init(
        _ values: ParameterValues, model: ModelTraits, type: PictureFileType = .png
    ) throws(ParameterError) {
        func lonely(_ name: String, _ value: String, without other: String) -> ParameterError {
            ParameterError(
                parameter: name, value: value, allowed: "\(other) beside it", reason: .lonely(without: other))
        }
        seed = UInt32(clamping: values.integer("seed") ?? 0)
        truncation = values.decimal("truncation") ?? model.defaultTruncation
        let defaultCutoff = min(model.defaultCutoff ?? model.layerCount, model.layerCount)
        cutoff = values.integer("cutoff").flatMap { $0 == defaultCutoff ? nil : $0 }
        classIndex = values.integer("class")
        noise = values.word("noise").flatMap { NoiseMode(rawValue: $0) } ?? .const
        noiseSeed = values.integer("noise_seed").map { UInt32(clamping: $0) }
        if let noiseSeed, noise != .random {
            throw lonely("noise_seed", "\(noiseSeed)", without: "noise=random")
        }
        edits = FaceEdit.canonical(values.edits("edit") ?? [])
        let layers = values.layers("layers")
        if let other = values.integer("mix") {
            mix = StyleMix(seed: UInt32(clamping: other), layers: layers ?? .mixed(of: model.layerCount))
        } else if let layers {
            throw lonely("layers", "\(layers)", without: "mix")
        }
        translate = values.offset("translate").flatMap { $0 == .zero ? nil : $0 }
        rotate = values.decimal("rotate").flatMap { $0.millionths == 0 ? nil : $0 }
        size = values.integer("size").flatMap { $0 == model.resolution ? nil : $0 }
        format = PictureFormat(type, quality: values.integer("quality"))
    }
}
