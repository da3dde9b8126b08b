// SPDX-License-Identifier: Apache-2.0

extension String {
    /// How much of a name from a file goes into a message.
    private static let longestQuotedText = 80

    /// This text in single quotes, fit for one line of a log or a terminal whatever a hostile file put into it: control
    /// characters as `\u{1b}`, everything beyond 80 characters as an ellipsis.
    var quoted: String {
        var text = "'"
        var count = 0
        for scalar in unicodeScalars {
            guard count < Self.longestQuotedText else {
                return text + "...'"
            }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                text.unicodeScalars.append(scalar)
            }
            count += 1
        }
        return text + "'"
    }
}

extension ByteView {
    /// UTF-8 text from a file, quoted for a message; bytes that are no UTF-8 become U+FFFD.
    func quotedText(_ range: Range<Int>) -> String {
        // More than the longest quotation takes, so that a gigabyte of text is not decoded for the sake of a message.
        let range = range.lowerBound..<min(range.upperBound, range.lowerBound + 400)
        return withExtendedLifetime(owner) { String(decoding: bytes[range], as: UTF8.self).quoted }
    }
}
