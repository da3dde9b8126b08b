// SPDX-License-Identifier: Apache-2.0

/// A path with parameters, such as `/models/{name}/faces/{seed}.png`.
///
/// A segment holds at most one parameter, with literal text before and after it. A parameter matches any text within
/// its segment, the empty text too, so that the handler can name what is missing.
struct RoutePattern: Sendable, Equatable {
    private enum Segment: Sendable, Equatable {
        case literal(String)
        case parameter(prefix: String, name: String, suffix: String)
    }

    /// The pattern as it was written.
    let text: String
    private let segments: [Segment]

    init(_ text: String) {
        precondition(text.hasPrefix("/"), "the route pattern '\(text)' does not start with '/'")
        self.text = text
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { Self.segment($0) }
    }

    private static func segment(_ text: Substring) -> Segment {
        guard let open = text.firstIndex(of: "{"), let close = text[open...].firstIndex(of: "}") else {
            return .literal(String(text))
        }
        return .parameter(
            prefix: String(text[..<open]),
            name: String(text[text.index(after: open)..<close]),
            suffix: String(text[text.index(after: close)...]))
    }

    /// The first segment, unless it is a parameter.
    var firstLiteral: String? {
        if case .literal(let literal) = segments[0] { literal } else { nil }
    }

    /// The parameters when the path matches, nil when it does not.
    func match(_ path: RequestPath) -> RouteParameters? {
        guard path.segments.count == segments.count else { return nil }
        var parameters = RouteParameters()
        for (pattern, segment) in zip(segments, path.segments) {
            switch pattern {
            case .literal(let literal):
                // Byte for byte: Swift's == takes canonically equivalent strings for the same.
                guard literal.utf8.elementsEqual(segment.utf8) else { return nil }
            case .parameter(let prefix, let name, let suffix):
                let bytes = segment.utf8
                let affixes = prefix.utf8.count + suffix.utf8.count
                guard bytes.count >= affixes, bytes.starts(with: prefix.utf8),
                    bytes.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
                else { return nil }
                let value = bytes.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
                parameters[name] = String(decoding: value, as: UTF8.self)
            }
        }
        return parameters
    }

    /// Whether this pattern goes first where both match: a literal segment before a parameter, and the parameter with
    /// more literal text around it before one with less.
    func isMoreSpecific(than other: RoutePattern) -> Bool {
        let weights = segments.map(Self.weight)
        let otherWeights = other.segments.map(Self.weight)
        return otherWeights.lexicographicallyPrecedes(weights)
    }

    private static func weight(_ segment: Segment) -> Int {
        switch segment {
        case .literal: .max
        case .parameter(let prefix, _, let suffix): prefix.utf8.count + suffix.utf8.count
        }
    }
}
