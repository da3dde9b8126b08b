// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// A request for a picture whose parameters have passed their declarations.
struct PictureQuery: Sendable {
    let endpoint: PictureEndpoint
    let entry: CatalogEntry
    let values: [String: ParameterDeclaration.Value]
    let type: PictureFileType
    let request: HTTPRequest

    /// What the query says of a face.
    ///
    /// - Parameter other: a parameter that means something else here
    func face(without other: String? = nil) throws(ParameterError) -> FaceParameters {
        var values = values
        if let other {
            values[other] = nil
        }
        return try FaceParameters(values, model: entry.traits, type: type)
    }

    /// The way of a morph, at its beginning.
    var way: MorphPoint {
        var isClosed = endpoint.kind == .animation
        if case .flag(let flag) = values["loop"] { isClosed = flag }
        return MorphPoint(
            seeds: seeds("seeds"), position: FixedDecimal(millionths: 0), isClosed: isClosed,
            space: word("space").flatMap { MorphPoint.Space(rawValue: $0) } ?? .w)
    }

    /// Whether the discriminator is asked.
    var isJudged: Bool {
        values["score"] == .flag(true) || values["best_of"] != nil
    }

    func integer(_ name: String) -> Int? {
        if case .integer(let number) = values[name] { number } else { nil }
    }

    func decimal(_ name: String) -> FixedDecimal? {
        if case .decimal(let number) = values[name] { number } else { nil }
    }

    func word(_ name: String) -> String? {
        if case .choice(let word) = values[name] { word } else { nil }
    }

    func text(_ name: String) -> String {
        if case .text(let text) = values[name] { text } else { "" }
    }

    func seeds(_ name: String) -> [UInt32] {
        if case .seeds(let seeds) = values[name] { seeds } else { [] }
    }

    func layers(_ name: String) -> LayerSet? {
        if case .layers(let layers) = values[name] { layers } else { nil }
    }
}
