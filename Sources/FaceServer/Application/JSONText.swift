// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How the program writes JSON: the same text for the same value.
enum JSONText {
    /// - Parameter isPretty: over several lines, for people
    static func encode(_ value: some Encodable, isPretty: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isPretty {
            encoder.outputFormatting.insert(.prettyPrinted)
        }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
