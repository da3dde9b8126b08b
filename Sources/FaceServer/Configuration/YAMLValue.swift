// SPDX-License-Identifier: Apache-2.0

/// A value of a YAML document. Scalars are the text that they are written as: whoever asks for a number reads it.
enum YAMLValue: Equatable, Sendable {
    /// A key and its value.
    struct Member: Equatable, Sendable {
        let key: String
        let value: YAMLValue
    }

    /// Nothing, `~` or `null`, without quotes.
    case null
    case scalar(String)
    case sequence([YAMLValue])
    /// In the order of the document; no key is there twice.
    case mapping([Member])
}

/// Why a text is not the YAML that is read here.
struct YAMLError: Error, Equatable, CustomStringConvertible {
    /// From 1.
    let line: Int
    /// From 1.
    let column: Int
    let problem: String

    var description: String { "line \(line), column \(column): \(problem)" }
}
