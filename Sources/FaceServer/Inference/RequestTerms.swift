// SPDX-License-Identifier: Apache-2.0

/// How a client wants to be served, which decides nothing about the bytes: how long it waits, and how urgent it is.
/// Neither is part of a face's canonical URL or tag.
struct RequestTerms: Sendable, Equatable {
    /// The bounds that the configuration sets.
    struct Bounds: Sendable {
        static let shortestTimeout = Duration.milliseconds(1)

        /// The timeout of a request that names none.
        var timeout: Duration
        /// The longest timeout that a request may name.
        var maxTimeout: Duration
    }

    var timeout: Duration
    var priority: RequestPriority

    init(timeout: Duration, priority: RequestPriority) {
        self.timeout = timeout
        self.priority = priority
    }

    /// The parameters that any face's URL may have.
    static func declarations(_ bounds: Bounds) -> [ParameterDeclaration] {
        [
            ParameterDeclaration(
                name: "timeout",
                summary: "How long the client waits; after that the answer is 504.",
                form: .duration(Bounds.shortestTimeout...bounds.maxTimeout)
            ),
            ParameterDeclaration(
                name: "priority",
                summary: "Whether somebody looks at the screen, or other requests may go first.",
                form: .choice(RequestPriority.allCases.map(\.rawValue))
            ),
        ]
    }

    /// Takes values that have passed `declarations(_:)`, and header fields for what they do not name.
    ///
    /// - Parameters:
    ///   - requestTimeout: the `Request-Timeout` field. A timeout beyond the longest counts as the longest, since a field
    ///     may be the work of a proxy that knows nothing of our bounds.
    ///   - priorityField: the `Priority` field, RFC 9218.
    /// - Throws: `ParameterError` for a field that is no duration.
    init(
        _ values: ParameterValues, requestTimeout: String?, priorityField: String?, bounds: Bounds
    ) throws(ParameterError) {
        priority =
            values.word("priority").map { RequestPriority(rawValue: $0) ?? .interactive }
            ?? priorityField.flatMap(Self.priority(field:)) ?? .interactive
        if let duration = values.duration("timeout") {
            timeout = duration
        } else if let requestTimeout {
            guard let duration = DurationText.parse(requestTimeout), duration >= Bounds.shortestTimeout else {
                throw ParameterError(
                    parameter: "Request-Timeout", value: requestTimeout,
                    allowed: "a duration of at least \(DurationText.format(Bounds.shortestTimeout)), such as 5",
                    reason: .malformed(expected: "a duration"))
            }
            timeout = min(duration, bounds.maxTimeout)
        } else {
            timeout = bounds.timeout
        }
    }

    /// RFC 9218 section 4.1: the urgency is `u=0` to `u=7`, 3 when there is none, 7 for work in the
    /// background; here 6 is as well, which browsers do not send. Section 4: members that are unknown or malformed
    /// are ignored.
    private static func priority(field: String) -> RequestPriority? {
        for member in field.split(separator: ",") {
            let text = member.filter { $0 != " " && $0 != "\t" }
            if text.hasPrefix("u="), let urgency = Int(text.dropFirst(2)), (0...7).contains(urgency) {
                return urgency >= 6 ? .bulk : .interactive
            }
        }
        return nil
    }
}
