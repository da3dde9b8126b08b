// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// RFC 4648 section 5, without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-")
            .replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// nil for anything but what `encode` gives for some bytes: no padding, no other alphabet, no stray bits.
    static func decode(_ text: String) -> [UInt8]? {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: standard + padding) else {
            return nil
        }
        let bytes = [UInt8](data)
        return encode(bytes) == text ? bytes : nil
    }
}
