// SPDX-License-Identifier: Apache-2.0

/// A model as the configuration names it.
struct ModelDeclaration: Sendable, Equatable {
    /// The name to go by, in URLs too; nil for the model's own, or else the file's.
    var name: String?
    /// nil for the checkpoint that comes with the program.
    var path: String?
    /// What the file's SHA-256 has to be, in lower-case hexadecimal digits; nil for anything.
    var sha256: String?

    /// Files of directions.
    var directions: [DirectionDeclaration] = []

    /// A name that needs no escapes in a URL and cannot be mistaken for a path.
    static func isName(_ text: String) -> Bool {
        PlainName.isValid(text) && !text.hasPrefix(".")
    }

    /// SHA-256 in hexadecimal digits, in lower case; nil for anything else.
    static func sha256(_ text: String) -> String? {
        text.utf8.count == 64 && text.allSatisfy { $0.isASCII && $0.isHexDigit } ? text.lowercased() : nil
    }
}
