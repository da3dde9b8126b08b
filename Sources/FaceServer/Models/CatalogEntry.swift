// SPDX-License-Identifier: Apache-2.0

/// A model that is served, and how its faces are asked for.
struct CatalogEntry: Sendable {
    let model: ServedModel
    let traits: ModelTraits
    /// What stands before "/faces/42.png" in this model's URLs: nothing for the default model, so that each of its faces
    /// has one canonical URL however it was asked for.
    let pathPrefix: String
    /// Of a face's URL.
    let parameters: ParameterParser
    /// Of the URL of a random face.
    let seedlessParameters: ParameterParser

    var name: String { model.identity.name }
    var isDefault: Bool { pathPrefix.isEmpty }

    init(
        model: ServedModel, isDefault: Bool, defaultTruncation: FixedDecimal, bounds: RequestTerms.Bounds
    ) {
        self.model = model
        traits = model.traits(defaultTruncation: defaultTruncation)
        pathPrefix = isDefault ? "" : "/models/\(model.identity.name)"
        let declarations = FaceParameters.declarations(for: traits) + RequestTerms.declarations(bounds)
        parameters = ParameterParser(declarations)
        seedlessParameters = ParameterParser(
            declarations.map { declaration in
                var optional = declaration
                optional.isRequired = declaration.isRequired && declaration.name != "seed"
                return optional
            }
        )
    }

    func canonicalURL(of parameters: FaceParameters) -> String {
        pathPrefix + parameters.canonicalURL
    }
}
