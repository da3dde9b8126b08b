// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// A request for a picture whose parameters have passed their declarations.
struct PictureQuery: Sendable {
    let endpoint: PictureEndpoint
    let entry: CatalogEntry
    let values: ParameterValues
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
        MorphPoint(
            seeds: values.seeds("seeds") ?? [], position: FixedDecimal(millionths: 0),
            isClosed: values.flag("loop") ?? (endpoint.kind == .animation),
            space: values.word("space").flatMap { MorphPoint.Space(rawValue: $0) } ?? .w)
    }

    /// Whether the discriminator is asked.
    var isJudged: Bool {
        values.flag("score") == true || values["best_of"] != nil
    }
}
