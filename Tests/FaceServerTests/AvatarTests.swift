// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FaceServer

@Suite struct AvatarTests {
    /// People's faces hang on these numbers, so they never change.
    @Test(
        arguments: [
            // int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
            ("a", 3_398_926_610, "one letter"),
            ("f9879d71855b5ff21e4963273a886bfc", 2_753_192_319, "the hash of an e-mail address"),
            ("jürgen", 431_431_849, "an accent, composed"),
            ("ju\u{308}rgen", 2_195_206_099, "the same accent, decomposed, is another text"),
            ("日本/語.png", 3_292_077_525, "a slash and an extension within the text"),
        ] as [(String, UInt32, String)])
    func seedIsTheBeginningOfTheHash(text: String, seed: UInt32, reason: String) {
        #expect(Avatar.seed(of: text) == seed, "\(reason)")
    }
}
