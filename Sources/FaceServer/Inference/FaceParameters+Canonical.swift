// SPDX-License-Identifier: Apache-2.0

extension FaceParameters {
    /// The one URL of this face, relative to the server: "/faces/42.png?truncation=0.7".
    ///
    /// Truncation is always named, because its default is a matter of configuration and a URL must mean the same
    /// on every replica. The others are named only where they differ from the default, which is the model's own,
    /// in the order of `declarations(for:)`.
    var canonicalURL: String {
        var url = "/faces/\(seed).png?truncation=\(truncation)"
        if let cutoff {
            url += "&cutoff=\(cutoff)"
        }
        if let classIndex {
            url += "&class=\(classIndex)"
        }
        if noise != .const {
            url += "&noise=\(noise.rawValue)"
        }
        if let translate {
            url += "&translate=\(translate)"
        }
        if let rotate {
            url += "&rotate=\(rotate)"
        }
        if let size {
            url += "&size=\(size)"
        }
        return url
    }

    /// What the PNG says of its own making, in `tEXt` chunks. The program's version is not among them: an upgrade
    /// that draws the same pixels must keep the same bytes, as the entity tag promises.
    func textChunks(model: ModelIdentity) -> [(keyword: String, text: String)] {
        var chunks = [
            (keyword: "Software", text: "FaceServer"),
            (keyword: "Seed", text: String(seed)),
            (keyword: "Truncation", text: truncation.description),
            (keyword: "Model", text: model.name),
            (keyword: "Model-SHA256", text: model.sha256),
        ]
        if let cutoff {
            chunks.append((keyword: "Truncation-Cutoff", text: String(cutoff)))
        }
        if let classIndex {
            chunks.append((keyword: "Class", text: String(classIndex)))
        }
        if noise != .const {
            chunks.append((keyword: "Noise", text: noise.rawValue))
        }
        if let translate {
            chunks.append((keyword: "Translate", text: translate.description))
        }
        if let rotate {
            chunks.append((keyword: "Rotate", text: rotate.description))
        }
        return chunks
    }
}
