// SPDX-License-Identifier: Apache-2.0

/// Names that need no escape in a URL, a log line or an entry of the configuration.
enum PlainName {
    /// Whether a text is 1 to 64 ASCII letters, digits, '-', '_' and '.'.
    static func isValid(_ text: some StringProtocol) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
                default: false
                }
            }
    }
}
