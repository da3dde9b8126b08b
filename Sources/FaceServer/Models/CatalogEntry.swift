// SPDX-License-Identifier: Apache-2.0

/// A model that is served, and how its pictures are asked for.
struct CatalogEntry: Sendable {
    let model: ServedModel
    let traits: ModelTraits
    /// What stands before "/faces/42.png" in this model's URLs: nothing for the default model, so that each of its faces
    /// has one canonical URL however it was asked for.
    let pathPrefix: String
    private let parsers: [PictureEndpoint: ParameterParser]

    var name: String { model.identity.name }
    var isDefault: Bool { pathPrefix.isEmpty }

    /// The name as a segment of a path has it.
    var pathName: String { PercentEncoded.text(of: name) }

    init(model: ServedModel, isDefault: Bool, settings: ModelRegistry.Settings) {
        self.model = model
        let traits = model.traits(defaultTruncation: settings.defaultTruncation)
        self.traits = traits
        pathPrefix = isDefault ? "" : "/models/\(model.identity.name)"
        let terms = RequestTerms.declarations(settings.bounds)
        parsers = Dictionary(
            uniqueKeysWithValues: PictureEndpoint.all.map {
                ($0, ParameterParser($0.declarations(for: traits, limits: settings.composites) + terms))
            })
    }

    /// Of a picture's URL.
    func parameters(of endpoint: PictureEndpoint) -> ParameterParser {
        parsers[endpoint] ?? .none
    }

    func canonicalURL(of parameters: FaceParameters) -> String {
        pathPrefix + parameters.canonicalURL
    }
}
