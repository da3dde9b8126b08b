// SPDX-License-Identifier: Apache-2.0

extension FaceParameters {
    /// The one URL of this face, relative to the server: "/faces/42.png?truncation=0.7".
    ///
    /// Truncation is always named, because its default is a matter of configuration and a URL must mean the same
    /// on every replica; so are the layers that another seed decides. The others are named only where they differ from the
    /// default, which is the model's own, in the order of the declarations.
    var canonicalURL: String {
        if let latent {
            // Nothing is at this URL, which tells one latent from another in caches.
            return "/faces" + urlEnding([(name: latent.space.rawValue, value: latent.digest)])
        }
        guard let morph else {
            return "/faces/\(seed)" + urlEnding()
        }
        var own = [(name: "t", value: morph.position.description)]
        if morph.space != .w {
            own.append((name: "space", value: morph.space.rawValue))
        }
        if morph.isClosed {
            own.append((name: "loop", value: "true"))
        }
        return "/morphs/\(morph.path)" + urlEnding(own)
    }

    /// What follows the seeds in a canonical URL: ".png?truncation=0.7".
    ///
    /// - Parameter own: parameters that a face has not
    func urlEnding(_ own: [(name: String, value: String)] = []) -> String {
        let query = canonicalQuery(own).map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return ".\(format.type.rawValue)?\(query)"
    }

    /// The parameters that a canonical URL names.
    func canonicalQuery(_ own: [(name: String, value: String)] = []) -> [(name: String, value: String)] {
        let file = [("size", size), ("quality", format.quality)].compactMap { name, number in
            number.map { (name: name, value: String($0)) }
        }
        return [(name: "truncation", value: truncation.description)]
            + deviations.map { (name: $0.name, value: $0.value) } + own + file
    }

    /// The parameters of the picture, but for its size, that differ from the defaults: by the names that URLs and those that
    /// PNGs have for them.
    private var deviations: [(name: String, keyword: String, value: String)] {
        let all: [(String, String, (any CustomStringConvertible)?)] = [
            ("cutoff", "Truncation-Cutoff", cutoff),
            ("class", "Class", classIndex),
            ("noise", "Noise", noise == .const ? nil : noise.rawValue),
            ("noise_seed", "Noise-Seed", noiseSeed),
            ("edit", "Edit", FaceEdit.text(of: edits)),
            ("mix", "Mix", mix?.seed),
            ("layers", "Mix-Layers", mix?.layers),
            ("translate", "Translate", translate),
            ("rotate", "Rotate", rotate),
        ]
        return all.compactMap { name, keyword, value in value.map { (name, keyword, $0.description) } }
    }

    /// What the PNG says of its own making, in `tEXt` chunks. The program's version is not among them: an upgrade
    /// that draws the same pixels must keep the same bytes, as the entity tag promises.
    func textChunks(model: ModelIdentity) -> [(keyword: String, text: String)] {
        [
            (keyword: "Software", text: "FaceServer"),
            origin,
            (keyword: "Truncation", text: truncation.description),
            (keyword: "Model", text: model.name),
            (keyword: "Model-SHA256", text: model.sha256),
        ] + deviations.map { (keyword: $0.keyword, text: $0.value) }
    }

    private var origin: (keyword: String, text: String) {
        if let latent {
            return (keyword: "Latent-SHA256", text: latent.digest)
        }
        guard let morph else {
            return (keyword: "Seed", text: String(seed))
        }
        let way = morph.isClosed ? "loop \(morph.path)" : morph.path
        return (keyword: "Morph", text: "\(way) at \(morph.position) in \(morph.space.rawValue)")
    }
}
