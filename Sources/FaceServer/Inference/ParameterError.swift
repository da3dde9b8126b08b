// SPDX-License-Identifier: Apache-2.0

/// Why a request's parameters were refused: which one, what came, and what is allowed.
struct ParameterError: Error, Equatable {
    /// What is wrong with the parameter.
    enum Reason: Equatable {
        /// The parameter is required and absent, or present without a value.
        case missing
        /// The value is not of the parameter's form.
        case malformed(expected: String)
        /// The value has the right form and lies outside the bounds.
        case outOfRange
        /// The parameter came more than once.
        case repeated(count: Int)
        /// There is no such parameter here; `suggestion` is the nearest that there is.
        case unknown(suggestion: String?)
        /// The parameter exists, but this model has no use for it.
        case unavailable
        /// The parameter says nothing without another one.
        case lonely(without: String)
    }

    /// The parameter's name as it came.
    let parameter: String
    /// The value as it came, or nil when none did.
    let value: String?
    /// What would be accepted, as a noun phrase.
    let allowed: String
    /// What is wrong.
    let reason: Reason
}

extension ParameterError: CustomStringConvertible {
    /// One sentence. Values are cut, so that a response is not the size of a hostile request.
    var description: String {
        let shown = Self.shortened(value ?? "")
        let name = Self.shortened(parameter)
        switch reason {
        case .missing:
            return "Parameter '\(name)' is missing: expected \(allowed)."
        case .malformed(let expected):
            return "Parameter '\(name)' is '\(shown)', which is not \(expected): expected \(allowed)."
        case .outOfRange:
            return "Parameter '\(name)' is '\(shown)', which is out of range: expected \(allowed)."
        case .repeated(let count):
            return "Parameter '\(name)' is given \(count) times, the last as '\(shown)': expected once."
        case .unknown(let suggestion?):
            return "Parameter '\(name)' is unknown: did you mean '\(suggestion)'?"
        case .unknown(nil):
            return "Parameter '\(name)' is unknown: expected \(allowed)."
        case .unavailable:
            return "Parameter '\(name)' is '\(shown)': expected \(allowed)."
        case .lonely(let other):
            return "Parameter '\(name)' is '\(shown)', which has no meaning without \(other)."
        }
    }

    /// At most 64 characters of `text`, with an ellipsis in place of the rest.
    static func shortened(_ text: String) -> String {
        text.count <= 64 ? text : text.prefix(63) + "…"
    }
}
