// SPDX-License-Identifier: Apache-2.0

/// Reads field lines: of the header section, and of the trailer section after a chunked body.
struct HTTPFieldParser: Sendable {
    private(set) var headers = HTTPHeaders()
    private var byteCount = 0
    private let limits: HTTPLimits

    init(limits: HTTPLimits) {
        self.limits = limits
    }

    /// Takes field lines from `input` up to the empty line after the last. Returns true once that has come.
    mutating func parse(
        _ input: inout Slice<UnsafeRawBufferPointer>, line: inout HTTPLineBuffer
    ) throws(HTTPParseError) -> Bool {
        while true {
            // Within the limit there is always room for the empty line.
            switch try line.fill(from: &input, limit: max(limits.maxHeaderBytes - byteCount, 2)) {
            case .needMoreData: return false
            case .tooLong:
                throw HTTPParseError(
                    .headerTooLarge, "The header section is larger than \(limits.maxHeaderBytes) bytes.")
            case .complete:
                if line.bytes.isEmpty { return true }
                try append(line.bytes)
            }
        }
    }

    private mutating func append(_ line: [UInt8]) throws(HTTPParseError) {
        byteCount += line.count + 2
        guard headers.count < limits.maxHeaderCount else {
            throw HTTPParseError(.headerTooLarge, "There are more than \(limits.maxHeaderCount) header fields.")
        }
        // RFC 9112 section 5.2: a server must refuse obs-fold or unfold it. Refusing also covers whitespace between
        // the request line and the first field (section 2.2).
        if let first = line.first, ASCII.isWhitespace(first) {
            throw HTTPParseError(.field, "A header line starts with whitespace; line folding is obsolete.")
        }
        // RFC 9112 section 5.1: no whitespace between the name and the colon; the token class leaves no room for it.
        guard let colon = line.firstIndex(of: ASCII.colon), colon > 0, line[..<colon].allSatisfy(ASCII.isToken) else {
            throw HTTPParseError(.field, "A header line is not 'name: value' with a valid name right before the colon.")
        }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let value = ASCII.trimmingWhitespace(line[(colon + 1)...])
        // RFC 9110 section 5.5: CR, LF and NUL are dangerous and refused; so are the other control characters.
        guard value.allSatisfy(ASCII.isFieldContent) else {
            throw HTTPParseError(.field, "The value of the header '\(name)' holds a control character.")
        }
        headers.add(name, String(decoding: value, as: UTF8.self))
    }
}
