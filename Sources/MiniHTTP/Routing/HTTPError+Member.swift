// SPDX-License-Identifier: Apache-2.0

extension HTTPError {
    /// The value of an extension member, as JSON has it.
    public enum Member: Sendable, Equatable {
        /// A string.
        case string(String)
        /// An integer.
        case int(Int)
        /// A number; NaN and the infinities, which JSON lacks, are rendered `null`.
        case double(Double)
        /// `true` or `false`.
        case bool(Bool)
        /// A list.
        case array([Member])
    }
}

extension HTTPError.Member: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    /// Wraps a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Wraps an integer.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// Wraps a number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// Wraps a boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Wraps a list.
    public init(arrayLiteral elements: HTTPError.Member...) { self = .array(elements) }
}

extension HTTPError.Member {
    /// JSON text of an object with these members in this order.
    static func renderObject(_ members: [(name: String, value: Self)]) -> String {
        let rendered = members.map { "\(quoted($0.name)):\($0.value.rendered)" }
        return "{\(rendered.joined(separator: ","))}"
    }

    private var rendered: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .int(let number): "\(number)"
        case .double(let number): number.isFinite ? "\(number)" : "null"
        case .bool(let value): value ? "true" : "false"
        case .array(let elements): "[\(elements.map(\.rendered).joined(separator: ","))]"
        }
    }

    /// RFC 8259 section 7: the quote, the backslash and the control characters are escaped.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{00}"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
