// SPDX-License-Identifier: Apache-2.0

/// One parameter as the interface declares it. The same declaration parses values, words the errors and, being
/// plain data, can describe the interface to others.
struct ParameterDeclaration: Sendable {
    /// The form and bounds of a parameter's values.
    enum Form: Sendable {
        /// Decimal digits only; leading zeros are harmless.
        case integer(ClosedRange<Int>)
        /// A plain decimal as `FixedDecimal` reads it.
        case decimal(ClosedRange<FixedDecimal>)
        /// Two decimals as `PictureOffset` reads them, each within the bounds.
        case offset(ClosedRange<FixedDecimal>)
        /// One of a few words, case and all.
        case choice([String])
        /// A number of seconds, or a number with a unit.
        case duration(ClosedRange<Duration>)
        /// No value is allowed, because of the model that is served.
        case unavailable(because: String)
    }

    /// A value that has passed its declaration.
    enum Value: Equatable, Sendable {
        case integer(Int)
        case decimal(FixedDecimal)
        case offset(PictureOffset)
        case choice(String)
        case duration(Duration)
    }

    let name: String
    /// What the parameter does, in one sentence.
    let summary: String
    let form: Form
    var isRequired = false

    /// What is accepted, as a noun phrase: "an integer from 0 to 4294967295".
    var allowed: String {
        switch form {
        case .integer(let bounds):
            "an integer from \(bounds.lowerBound) to \(bounds.upperBound)"
        case .decimal(let bounds):
            "a decimal number from \(bounds.lowerBound) to \(bounds.upperBound), such as 0.7"
        case .offset(let bounds):
            "two decimal numbers from \(bounds.lowerBound) to \(bounds.upperBound), such as 0.3,-0.1"
        case .choice(let words):
            "one of " + words.joined(separator: ", ")
        case .duration(let bounds):
            "a duration from \(DurationText.format(bounds.lowerBound)) to \(DurationText.format(bounds.upperBound)), "
                + "such as 500ms or 5s"
        case .unavailable(let because):
            "no such parameter, because \(because)"
        }
    }

    /// Reads a value that came with a request.
    func parse(_ text: String) throws(ParameterError) -> Value {
        guard !text.isEmpty else {
            throw error(nil, .missing)
        }
        switch form {
        case .integer(let bounds):
            guard text.isASCIIDigits else {
                throw error(text, .malformed(expected: "an integer"))
            }
            let significant = text.drop { $0 == "0" }
            guard significant.count <= 18, let number = Int("0" + significant), bounds.contains(number) else {
                throw error(text, .outOfRange)
            }
            return .integer(number)
        case .decimal(let bounds):
            guard let number = FixedDecimal(text) else {
                throw error(text, .malformed(expected: "a plain decimal number"))
            }
            guard bounds.contains(number) else {
                throw error(text, .outOfRange)
            }
            return .decimal(number)
        case .offset(let bounds):
            guard let offset = PictureOffset(text) else {
                throw error(text, .malformed(expected: "two plain decimal numbers with a comma between them"))
            }
            guard bounds.contains(offset.x), bounds.contains(offset.y) else {
                throw error(text, .outOfRange)
            }
            return .offset(offset)
        case .choice(let words):
            guard words.contains(text) else {
                throw error(text, .malformed(expected: "a known word"))
            }
            return .choice(text)
        case .duration(let bounds):
            guard let duration = DurationText.parse(text) else {
                throw error(text, .malformed(expected: "a duration"))
            }
            guard bounds.contains(duration) else {
                throw error(text, .outOfRange)
            }
            return .duration(duration)
        case .unavailable:
            throw error(text, .unavailable)
        }
    }

    func error(_ value: String?, _ reason: ParameterError.Reason) -> ParameterError {
        ParameterError(parameter: name, value: value, allowed: allowed, reason: reason)
    }
}
