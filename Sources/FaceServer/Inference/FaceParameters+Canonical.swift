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
        var query = [(name: "truncation", value: truncation.description)]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value {
                query.append((name, value.description))
            }
        }
        add("cutoff", cutoff)
        add("class", classIndex)
        add("noise", noise == .const ? nil : noise.rawValue)
        add("noise_seed", noiseSeed)
        add("edit", FaceEdit.text(of: edits))
        add("mix", mix?.seed)
        add("layers", mix?.layers)
        add("translate", translate)
        add("rotate", rotate)
        query += own
        add("size", size)
        add("quality", format.quality)
        return query
    }

    /// What the PNG says of its own making, in `tEXt` chunks. The program's version is not among them: an upgrade
    /// that draws the same pixels must keep the same bytes, as the entity tag promises.
    func textChunks(model: ModelIdentity) -> [(keyword: String, text: String)] {
        var chunks = [
            (keyword: "Software", text: "FaceServer"),
            origin,
            (keyword: "Truncation", text: truncation.description),
            (keyword: "Model", text: model.name),
            (keyword: "Model-SHA256", text: model.sha256),
        ]
        func add(_ keyword: String, _ value: (some CustomStringConvertible)?) {
            if let value {
                chunks.append((keyword, value.description))
            }
        }
        add("Truncation-Cutoff", cutoff)
        add("Class", classIndex)
        add("Noise", noise == .const ? nil : noise.rawValue)
        add("Noise-Seed", noiseSeed)
        add("Edit", FaceEdit.text(of: edits))
        add("Mix", mix?.seed)
        add("Mix-Layers", mix?.layers)
        add("Translate", translate)
        add("Rotate", rotate)
        return chunks
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
