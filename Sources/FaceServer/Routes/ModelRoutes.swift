// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/models`: what is served.
struct ModelRoutes: Sendable {
    /// A model as the list shows it.
    private struct Description: Encodable {
        let name: String
        let `default`: Bool
        let sha256: String
        let resolution: Int
        /// 0 for a model without classes.
        let classes: Int
        /// The number of w vectors: the bound of `cutoff`.
        let layers: Int
        /// Whether `noise` can be chosen.
        let noise: Bool
        /// Whether `translate` and `rotate` can be.
        let transform: Bool
        /// The truncation of a URL that names none.
        let truncation: Double
        /// The number of layers that truncation reaches unless a URL says otherwise.
        let cutoff: Int
        let format: String
        let description: String?
        let license: String?
        /// A URI template, RFC 6570.
        let faces: String

        init(_ entry: CatalogEntry) {
            let metadata = entry.model.generator.metadata
            name = entry.name
            `default` = entry.isDefault
            sha256 = entry.model.identity.sha256
            resolution = entry.traits.resolution
            classes = entry.traits.classCount
            layers = entry.traits.layerCount
            noise = entry.traits.hasNoise
            transform = entry.traits.hasTransform
            truncation = entry.traits.defaultTruncation.doubleValue
            cutoff = min(entry.traits.defaultCutoff ?? layers, layers)
            format = entry.model.formatName
            description = metadata.description
            license = metadata.license
            faces = entry.pathPrefix + "/faces/{seed}.png"
        }
    }

    let models: ModelRegistry

    func add(to router: inout Router) {
        router.get("/models") { request in
            _ = try ParameterParser.none.parse(request)
            let list = try JSONText.encode(["models": models.catalog.entries.map(Description.init)])
            return .json(list + "\n", headers: ["Cache-Control": "no-cache"])
        }
    }
}
