// SPDX-License-Identifier: Apache-2.0

/// An entity tag: an opaque quoted string that is weak or strong (RFC 9110 section 8.8.3).
public struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// Whether the tag was marked `W/`.
    public let isWeak: Bool
    /// The text between the quotes.
    public let opaque: String

    /// Parses exactly one entity tag; nil when `text` is anything else.
    public init?(_ text: String) {
        var rest = text.utf8[...]
        guard let tag = EntityTag(consuming: &rest), rest.isEmpty else { return nil }
        self = tag
    }

    /// RFC 9110 section 8.8.3: entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE, where etagc is any visible character but
    /// the quote, and obs-text. The weakness mark is case-sensitive.
    private init?(consuming text: inout Substring.UTF8View) {
        let quote = UInt8(ascii: "\"")
        isWeak = text.starts(with: "W/".utf8)
        var rest = isWeak ? text.dropFirst(2) : text
        guard rest.popFirst() == quote, let end = rest.firstIndex(of: quote) else { return nil }
        guard rest[..<end].allSatisfy(Self.isTagByte) else { return nil }
        opaque = String(Substring(rest[..<end]))
        text = rest[end...].dropFirst()
    }

    /// The tag as it stands in a field.
    public var description: String { "\(isWeak ? "W/" : "")\"\(opaque)\"" }

    /// RFC 9110 section 8.8.3.2: both tags are strong and the same.
    public func matchesStrongly(_ other: EntityTag) -> Bool {
        !isWeak && !other.isWeak && matchesWeakly(other)
    }

    /// RFC 9110 section 8.8.3.2: the same text, whether marked weak or not.
    public func matchesWeakly(_ other: EntityTag) -> Bool {
        // Octet by octet: Swift's == takes canonically equivalent strings for the same.
        opaque.utf8.elementsEqual(other.opaque.utf8)
    }
}

extension EntityTag {
    /// Whether `If-None-Match` names the current tag, so that GET and HEAD are answered 304 (RFC 9110 section 13.1.2).
    ///
    /// - ifNoneMatch: the values of every `If-None-Match` field line.
    /// - etag: the current tag as it stands in `ETag`, quotes included.
    ///
    /// The comparison is weak. `*` matches any current tag. A malformed field or tag matches nothing.
    public static func matches(ifNoneMatch: [String], etag: String) -> Bool {
        // By far the commonest field is the one tag that the client was given.
        if ifNoneMatch.count == 1, ASCII.equal(ifNoneMatch[0], etag), isWellFormed(etag) { return true }
        return matches(ifNoneMatch, etag) { $0.matchesWeakly($1) }
    }

    /// Whether `If-Match` names the current tag; where it does not, the answer is 412 (RFC 9110 section 13.1.1).
    /// The comparison is strong; otherwise as `matches(ifNoneMatch:etag:)`.
    public static func matches(ifMatch: [String], etag: String) -> Bool {
        matches(ifMatch, etag) { $0.matchesStrongly($1) }
    }

    private static func isWellFormed(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let quoted = bytes.starts(with: "W/".utf8) ? bytes.dropFirst(2) : bytes[...]
            let quote = UInt8(ascii: "\"")
            return quoted.count >= 2 && quoted.first == quote && quoted.last == quote
                && quoted.dropFirst().dropLast().allSatisfy { isTagByte($0) }
        }
    }

    private static func isTagByte(_ byte: UInt8) -> Bool { byte >= 0x21 && byte != 0x7F && byte != UInt8(ascii: "\"") }

    private static func matches(
        _ fields: [String], _ etag: String, by compare: (EntityTag, EntityTag) -> Bool
    ) -> Bool {
        guard !fields.isEmpty, let current = EntityTag(etag) else { return false }
        if fields.count == 1, ASCII.trimmingWhitespace(fields[0].utf8).elementsEqual("*".utf8) {
            return true
        }
        // RFC 9110 section 5.3: repeated lines of a list field are one list.
        guard let tags = list(fields.count == 1 ? fields[0] : fields.joined(separator: ",")) else { return false }
        return tags.contains { compare($0, current) }
    }

    /// RFC 9110 section 5.6.1.2: comma-separated, empty members allowed. nil when any member is not an entity tag.
    static func list(_ text: String) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var rest = text.utf8[...]
        while true {
            rest = rest.drop { ASCII.isWhitespace($0) || $0 == ASCII.comma }
            if rest.isEmpty { return tags }
            guard let tag = EntityTag(consuming: &rest) else { return nil }
            tags.append(tag)
            rest = rest.drop(while: ASCII.isWhitespace)
            guard rest.isEmpty || rest.first == ASCII.comma else { return nil }
        }
    }
}
