// SPDX-License-Identifier: Apache-2.0

#if canImport(FaceServer)
@testable import FaceServer
#endif

/// What holds of a picture's parameters for any text: what is wrong is told in one short line, and what is right has one
/// canonical spelling, which means the same.
enum FaceQueryProperty {
    private static let model = ModelTraits(
        resolution: 64, layerCount: 10, classCount: 0, hasTransform: true, directionCount: 32,
        directionNames: ["smile", "age.old"], defaultTruncation: FixedDecimal(millionths: 700_000))
    private static let maxSeeds = 100
    private static let maxMessageBytes = 2_048

    /// Those of a face, the lists of seeds that paths have, and what else a request may say.
    private static let declarations =
        FaceParameters.declarations(for: model, type: .webp) + [
            ParameterDeclaration(name: "seeds", summary: "", form: .seeds(maxCount: maxSeeds)),
            ParameterDeclaration(name: "way", summary: "", form: .way(counts: MorphPoint.seedCounts)),
            ParameterDeclaration(name: "loop", summary: "", form: .flag),
            ParameterDeclaration(name: "text", summary: "", form: .text(maxBytes: 64)),
            ParameterDeclaration(
                name: "timeout", summary: "", form: .duration(.milliseconds(1)...Duration.seconds(3600))),
        ]

    /// The rule that `bytes` break, "name=value" of a parameter a line; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let items = bytes.split(separator: 0x0A).map { line -> (name: String, value: String) in
            let parts = line.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.dropFirst().first.map { String(decoding: $0, as: UTF8.self) }
            return (String(decoding: parts[0], as: UTF8.self), value ?? "")
        }
        do throws(ParameterError) {
            let values = try ParameterParser(declarations).parse(items)
            let face = try FaceParameters(values, model: model, type: .webp)
            return violation(in: face) ?? violation(inListsOf: values)
        } catch {
            return error.description.utf8.count <= maxMessageBytes ? nil : "a message of many bytes"
        }
    }

    /// The canonical query is read as the same face, whose query is the same.
    private static func violation(in face: FaceParameters) -> String? {
        let query = face.canonicalQuery()
        do throws(ParameterError) {
            let items = [(name: "seed", value: "\(face.seed)")] + query
            let copy = try FaceParameters(
                try ParameterParser(declarations).parse(items), model: model, type: .webp)
            guard copy == face else { return "\(face.canonicalURL) is read as \(copy.canonicalURL)" }
            guard face.edits.allSatisfy({ FaceEdit.strengthBounds.contains($0.strength) }) else {
                return "a step beyond the bounds"
            }
            guard face.mix?.layers.layers.allSatisfy((0..<model.layerCount).contains) ?? true else {
                return "a layer that there is not"
            }
            return nil
        } catch {
            return "\(face.canonicalURL) is refused: \(error)"
        }
    }

    private static func violation(inListsOf values: ParameterValues) -> String? {
        for (name, text) in [
            ("seeds", values.seeds("seeds").map { IntegerRanges.text(of: $0.map { Int($0) }) }),
            ("way", values.seeds("way").map { MorphPoint.path(of: $0) }),
        ] {
            guard let text, let seeds = values.seeds(name) else { continue }
            let declaration = declarations.first { $0.name == name }
            guard !seeds.isEmpty, seeds.count <= maxSeeds else { return "\(name) are \(seeds.count)" }
            guard (try? declaration?.parse(text)) == .seeds(seeds) else { return "\(name) \(text) are read as others" }
        }
        return nil
    }
}
