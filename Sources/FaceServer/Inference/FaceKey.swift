// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// The identity of a picture's bytes, known before any of them is computed.
struct FaceKey: Hashable, Sendable {
    /// Raised by every change that makes other bytes out of the same model and parameters: arithmetic, resizing,
    /// PNG encoding, text chunks. Otherwise clients would keep pictures that the server no longer makes.
    static let renderVersion = 3

    /// The first 128 bits of a SHA-256, in hexadecimal digits.
    let digest: String

    /// - Parameter encoder: what compresses the picture; another version may find other bytes for the same pixels
    init(model: ModelIdentity, parameters: FaceParameters, encoder: String? = nil) {
        self.init(
            model: model, canonicalURL: parameters.canonicalURL,
            encoder: encoder ?? parameters.format.type.encoder)
    }

    /// The identity of a model's picture.
    ///
    /// - Parameters:
    ///   - canonicalURL: without the model's prefix
    ///   - edits: whose directions decide the picture, too
    init(_ model: ServedModel, _ canonicalURL: String, edits: [FaceEdit], type: PictureFileType) {
        self.init(
            model: model.identity, canonicalURL: canonicalURL + model.directions.fingerprint(of: edits),
            encoder: type.encoder)
    }

    /// The identity of any picture.
    ///
    /// - Parameter canonicalURL: without the model's prefix
    init(model: ModelIdentity, canonicalURL: String, encoder: String) {
        // The name goes into the picture's text, so it decides bytes just as the weights do.
        let subject = [
            String(Self.renderVersion), encoder, model.sha256, model.name, canonicalURL,
        ].joined(separator: "\n")
        digest = Hexadecimal.encode(SHA256.hash(data: Data(subject.utf8)).prefix(16))
    }

    /// The key whose entity tag this is; nil for what can be none.
    init?(entityTag: String) {
        guard entityTag.utf8.count == 34, entityTag.hasPrefix("\""), entityTag.hasSuffix("\"") else { return nil }
        digest = String(entityTag.dropFirst().dropLast())
    }

    /// A strong entity tag, RFC 9110 section 8.8.3.
    var entityTag: String {
        "\"\(digest)\""
    }
}
