// SPDX-License-Identifier: Apache-2.0

/// Text as a part of a URL.
enum PercentEncoded {
    /// All but letters, digits and some other characters in escapes (RFC 3986 section 2.1).
    ///
    /// - Parameter kept: ASCII; without it the unreserved characters of section 2.3
    static func text(of text: String, keeping kept: String = "-._~") -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (character.isLetter || character.isNumber || kept.contains(character))
            return isPlain ? String(character) : "%" + Hexadecimal.encode([byte]).uppercased()
        }.joined()
    }
}
