// SPDX-License-Identifier: Apache-2.0

/// A key of the configuration: its name, form, bound, default, and one line for people. Everything that reads,
/// checks or documents configuration goes by these.
struct ConfigurationKey<Value: Sendable>: Sendable {
    /// Dotted, as in the file: "http.port".
    let name: String
    /// The type's name as documentation prints it.
    let type: String
    /// The default as it would stand in the file.
    let defaultText: String
    /// What is accepted, as a noun phrase.
    let allowed: String
    let summary: String
    /// The value, or nil for what is not allowed.
    let parse: @Sendable (String) -> Value?
    /// Whether the value is shown to nobody.
    var isSecret = false
    /// Whether the file has a list. Elsewhere its members are joined by commas.
    var isList = false
}

/// A configuration key of any type.
protocol AnyConfigurationKey: Sendable {
    var name: String { get }
    var type: String { get }
    var defaultText: String { get }
    var allowed: String { get }
    var summary: String { get }
    var isSecret: Bool { get }
    var isList: Bool { get }
}

extension ConfigurationKey: AnyConfigurationKey {}

extension ConfigurationKey {
    static func text(
        _ name: String, default defaultText: String, allowed: String = "text", _ summary: String
    ) -> ConfigurationKey<String> {
        ConfigurationKey<String>(
            name: name, type: "text", defaultText: defaultText, allowed: allowed, summary: summary, parse: { $0 }
        )
    }

    /// Any number of members, without commas in them.
    static func list<Member: Sendable>(
        _ name: String, allowed: String, isSecret: Bool = false, _ summary: String,
        parse: @escaping @Sendable (String) -> Member?
    ) -> ConfigurationKey<[Member]> {
        ConfigurationKey<[Member]>(
            name: name, type: "list", defaultText: "", allowed: allowed, summary: summary,
            parse: { text in
                let members = text.isEmpty ? [] : text.split(separator: ",", omittingEmptySubsequences: false)
                let parsed = members.compactMap { parse($0.trimmingSpaces()) }
                return parsed.count == members.count ? parsed : nil
            },
            isSecret: isSecret, isList: true
        )
    }

    /// One of the words of an enumeration.
    static func word<Word: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, default defaultValue: Word, _ summary: String
    ) -> ConfigurationKey<Word> {
        ConfigurationKey<Word>(
            name: name, type: "word", defaultText: defaultValue.rawValue,
            allowed: "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "),
            summary: summary, parse: { Word(rawValue: $0) }
        )
    }

    static func boolean(_ name: String, default defaultValue: Bool, _ summary: String) -> ConfigurationKey<Bool> {
        ConfigurationKey<Bool>(
            name: name, type: "boolean", defaultText: String(defaultValue), allowed: "true or false",
            summary: summary, parse: { Bool($0) }
        )
    }

    static func integer(
        _ name: String, default defaultValue: Int, in bounds: ClosedRange<Int>, _ summary: String
    ) -> ConfigurationKey<Int> {
        ConfigurationKey<Int>(
            name: name,
            type: "int",
            defaultText: String(defaultValue),
            allowed: "an integer from \(bounds.lowerBound) to \(bounds.upperBound)",
            summary: summary,
            parse: { text in Int(text).flatMap { bounds.contains($0) ? $0 : nil } }
        )
    }

    static func decimal(
        _ name: String, default defaultText: String, in bounds: ClosedRange<FixedDecimal>, _ summary: String
    ) -> ConfigurationKey<FixedDecimal> {
        ConfigurationKey<FixedDecimal>(
            name: name,
            type: "decimal",
            defaultText: defaultText,
            allowed: "a decimal number from \(bounds.lowerBound) to \(bounds.upperBound)",
            summary: summary,
            parse: { text in FixedDecimal(text).flatMap { bounds.contains($0) ? $0 : nil } }
        )
    }

    static func duration(
        _ name: String, default defaultText: String, in bounds: ClosedRange<Duration>, _ summary: String
    ) -> ConfigurationKey<Duration> {
        ConfigurationKey<Duration>(
            name: name,
            type: "duration",
            defaultText: defaultText,
            allowed: "a duration from \(DurationText.format(bounds.lowerBound)) to "
                + "\(DurationText.format(bounds.upperBound)), such as 30s, 500ms or 2m",
            summary: summary,
            parse: { text in DurationText.parse(text).flatMap { bounds.contains($0) ? $0 : nil } }
        )
    }
}
