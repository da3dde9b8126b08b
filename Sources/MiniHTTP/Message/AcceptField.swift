// SPDX-License-Identifier: Apache-2.0

/// The media types that a client takes: the `Accept` field (RFC 9110 section 12.5.1).
public struct AcceptField: Sendable {
    private struct Range {
        /// Lower case; "*" for any.
        let type: String
        let subtype: String
        /// In thousandths.
        let quality: Int

        var specificity: Int { type == "*" ? 0 : subtype == "*" ? 1 : 2 }
    }

    private let ranges: [Range]

    /// Reads the values of every `Accept` field line. Members that are malformed are ignored; without a member, everything
    /// is taken.
    public init(_ values: [String]) {
        let members = values.flatMap { $0.utf8.split(separator: ASCII.comma).map { String(Substring($0)) } }
        let ranges = members.compactMap(Self.range)
        self.ranges = ranges.isEmpty ? [Range(type: "*", subtype: "*", quality: 1000)] : ranges
    }

    /// Which of `types` the client wants most; nil when it takes none of them. Among those that it wants alike, those that
    /// it names go before those that only a range with `*` covers, and then the earlier ones.
    ///
    /// - Parameter types: media types in lower case, without parameters, the server's favourite first
    /// - Parameter fallback: what goes first where the client names none
    public func best(of types: [String], fallback: String) -> String? {
        guard let highest = ([fallback] + types).compactMap(weight).max(), highest.quality > 0 else { return nil }
        // Only names have an order beside the fallback's being first.
        let inOrder = highest.isNamed ? types + [fallback] : [fallback] + types
        return inOrder.first { weight(of: $0) == highest }
    }

    /// How much a type is wanted.
    private struct Weight: Comparable {
        let quality: Int
        let isNamed: Bool

        static func < (lhs: Weight, rhs: Weight) -> Bool {
            lhs.quality == rhs.quality ? !lhs.isNamed && rhs.isNamed : lhs.quality < rhs.quality
        }
    }

    /// The quality that the most specific range gives a type, and whether that names it.
    private func weight(of type: String) -> Weight? {
        let parts = type.split(separator: "/").map(String.init)
        guard parts.count == 2 else { return nil }
        let matching = ranges.filter {
            ($0.type == "*" || $0.type == parts[0]) && ($0.subtype == "*" || $0.subtype == parts[1])
        }
        guard let range = matching.max(by: { $0.specificity < $1.specificity }) else { return nil }
        return Weight(quality: range.quality, isNamed: range.specificity == 2)
    }

    private static func range(_ member: String) -> Range? {
        let parts = member.split(separator: ";", omittingEmptySubsequences: false).map {
            String(decoding: ASCII.trimmingWhitespace($0.utf8), as: UTF8.self).lowercased()
        }
        let names = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard names.count == 2, names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(ASCII.isToken) }),
            names[0] != "*" || names[1] == "*"
        else { return nil }
        var quality = 1000
        for parameter in parts.dropFirst() where parameter.hasPrefix("q=") {
            guard let value = thousandths(parameter.dropFirst(2)) else { return nil }
            quality = value
        }
        return Range(type: String(names[0]), subtype: String(names[1]), quality: quality)
    }

    /// RFC 9110 section 12.4.2: "0" or "1" with up to three decimals, at most 1.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts[0] == "0" || parts[0] == "1", fraction.count <= 3, fraction.utf8.allSatisfy(ASCII.isDigit),
            let decimals = Int(fraction + String(repeating: "0", count: 3 - fraction.count))
        else { return nil }
        let value = (parts[0] == "1" ? 1000 : 0) + decimals
        return value <= 1000 ? value : nil
    }
}
