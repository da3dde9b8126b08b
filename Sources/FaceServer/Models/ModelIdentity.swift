// SPDX-License-Identifier: Apache-2.0

/// What tells one set of weights from another.
struct ModelIdentity: Hashable, Sendable {
    /// For people. Printable Latin-1 without line breaks, since it goes into PNG text.
    let name: String
    /// SHA-256 of the checkpoint file in lower-case hexadecimal digits.
    let sha256: String

    /// What the file of a picture of several faces says of its making.
    ///
    /// - Parameter canonicalURL: without the model's prefix
    func compositeText(_ canonicalURL: String) -> [(keyword: String, text: String)] {
        [
            (keyword: "Software", text: "FaceServer"), (keyword: "URL", text: canonicalURL),
            (keyword: "Model", text: name), (keyword: "Model-SHA256", text: sha256),
        ]
    }
}
