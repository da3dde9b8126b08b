// SPDX-License-Identifier: Apache-2.0

/// What `X-Request-Id` holds.
enum RequestID {
    /// Letters, digits and what base64, UUIDs and paths are made of: nothing that a log or a header would have to quote.
    private static let characters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=~@".utf8)

    /// Whether an identifier that came with a request is taken over: 1 to 128 of the characters above.
    static func isWellFormed(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(characters.contains)
    }

    /// 128 random bits in hexadecimal digits.
    static func random() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
