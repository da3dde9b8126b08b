// SPDX-License-Identifier: Apache-2.0

/// Reads the addresses that proxies have noted in `X-Forwarded-For` and `Forwarded` (RFC 7239).
enum ForwardedElements {
    /// The elements of all `X-Forwarded-For` lines in order; nil stands for one that is not an address, such as
    /// `unknown`.
    static func xForwardedFor(_ lines: [String]) -> [IPAddress?] {
        lines.flatMap { line in
            line.utf8.split(separator: ASCII.comma, omittingEmptySubsequences: false)
                .map { node(Substring(ASCII.trimmingWhitespace($0))) }
        }
    }

    /// The `for` of the elements of all `Forwarded` lines in order; nil stands for one without, with two, or with
    /// something that is not an address.
    static func forwarded(_ lines: [String]) -> [IPAddress?] {
        lines.flatMap { line in split(line.utf8[...], at: ASCII.comma).map(forParameter) }
    }

    /// RFC 7239 section 4: forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] ).
    private static func forParameter(_ element: Substring.UTF8View) -> IPAddress? {
        var found: [IPAddress?] = []
        for pair in split(element, at: ASCII.semicolon) {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = ASCII.trimmingWhitespace(pair[..<equals])
            guard ASCII.equalIgnoringCase(name, "for".utf8) else { continue }
            found.append(value(ASCII.trimmingWhitespace(pair[equals...].dropFirst())))
        }
        return found.count == 1 ? found[0] : nil
    }

    /// RFC 7239 section 4: value = token / quoted-string. What is quoted without need is read, escapes are not: an
    /// address has none.
    private static func value(_ text: Substring.UTF8View) -> IPAddress? {
        let quote = UInt8(ascii: "\"")
        guard text.first == quote else { return text.allSatisfy(ASCII.isToken) ? node(Substring(text)) : nil }
        guard text.count >= 2, text.last == quote else { return nil }
        return node(Substring(text.dropFirst().dropLast()))
    }

    /// RFC 7239 section 6: an IPv4 address or a bracketed IPv6 address, and a port. IPv6 without brackets and port is
    /// what `X-Forwarded-For` has.
    private static func node(_ text: Substring) -> IPAddress? {
        if text.utf8.first == UInt8(ascii: "[") {
            guard let end = text.utf8.firstIndex(of: UInt8(ascii: "]")), isPort(text.utf8[end...].dropFirst()),
                let address = IPAddress(text[..<end].dropFirst()), text.utf8[..<end].contains(ASCII.colon)
            else { return nil }
            return address
        }
        let colons = text.utf8.count { $0 == ASCII.colon }
        guard colons == 1, let colon = text.utf8.firstIndex(of: ASCII.colon) else { return IPAddress(text) }
        return isPort(text.utf8[colon...]) ? IPAddress(text[..<colon]) : nil
    }

    /// Nothing, or a colon and a port; which one is nobody's business here.
    private static func isPort(_ text: Substring.UTF8View) -> Bool {
        text.isEmpty
            || (text.first == ASCII.colon && (2...6).contains(text.count) && text.dropFirst().allSatisfy(ASCII.isDigit))
    }

    /// Splits at a separator outside of quoted strings (RFC 9110 section 5.6.4). A string that never ends takes the
    /// rest.
    private static func split(_ text: Substring.UTF8View, at separator: UInt8) -> [Substring.UTF8View] {
        var parts: [Substring.UTF8View] = []
        var start = text.startIndex
        var index = start
        var isQuoted = false
        while index != text.endIndex {
            switch text[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\\") where isQuoted:
                index = text.index(after: index)
                if index == text.endIndex { continue }
            case separator where !isQuoted:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: break
            }
            index = text.index(after: index)
        }
        parts.append(text[start...])
        return parts.map { ASCII.trimmingWhitespace($0) }
    }
}
