// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// The face of a text.
enum Avatar {
    static let maxBytes = 1024

    /// The first 32 bits, most significant byte first, of the SHA-256 of the text's bytes in UTF-8. The text is taken as it
    /// came: upper and lower case are different faces, and so are letters with their accents composed and decomposed.
    static func seed(of text: String) -> UInt32 {
        SHA256.hash(data: Data(text.utf8)).prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
