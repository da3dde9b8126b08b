// SPDX-License-Identifier: Apache-2.0

@testable import MiniHTTP

/// What holds of content negotiation for any bytes that may stand in fields, one field a line.
enum AcceptFieldProperty {
    private static let types = ["image/webp", "image/jpeg", "image/png"]
    private static let fallback = "image/png"

    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let fields = bytes.split(separator: ASCII.lineFeed, omittingEmptySubsequences: false).map {
            // As the parser hands fields over.
            String(decoding: $0.filter(ASCII.isFieldContent), as: UTF8.self)
        }
        let accepted = AcceptField(fields)
        let best = accepted.best(of: types, fallback: fallback)
        let single = types.filter { accepted.best(of: [$0], fallback: $0) != nil }
        guard best.map(single.contains) ?? single.isEmpty else {
            return "\(best ?? "nothing") is best, of \(single) that are taken"
        }
        // RFC 9110 section 5.3: fields of one name are one list.
        guard AcceptField([fields.joined(separator: ",")]).best(of: types, fallback: fallback) == best else {
            return "fields are not one list"
        }
        // RFC 9110 section 8.3.1: types are case-insensitive.
        let upper = fields.map { String(decoding: $0.utf8.map(upperCase), as: UTF8.self) }
        guard AcceptField(upper).best(of: types, fallback: fallback) == best else { return "case counts" }
        // RFC 9110 section 12.4.2: 0 is "not acceptable". Of two members of one type the first counts.
        guard AcceptField(types.map { "\($0);q=0" } + fields).best(of: types, fallback: fallback) == nil else {
            return "a type that is refused is taken"
        }
        return nil
    }

    private static func upperCase(_ byte: UInt8) -> UInt8 {
        (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
    }
}
