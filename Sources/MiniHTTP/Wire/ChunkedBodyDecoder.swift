// SPDX-License-Identifier: Apache-2.0

/// Removes the chunked transfer coding (RFC 9112 section 7.1) from input that comes in pieces.
struct ChunkedBodyDecoder: Sendable {
    private enum State: Sendable {
        case sizeLine
        case data(remaining: Int)
        case dataEnd
        case trailers
        case done
    }

    private var state = State.sizeLine
    private var line = HTTPLineBuffer()
    private var trailerFields: HTTPFieldParser
    private var extensionBytes = 0
    private let limits: HTTPLimits

    init(limits: HTTPLimits) {
        self.limits = limits
        trailerFields = HTTPFieldParser(limits: limits)
    }

    /// The trailer section, complete once `decode` returned true.
    var trailers: HTTPHeaders { trailerFields.headers }

    /// Takes from `input` what belongs to the body and appends its content to `body`. Returns true at the end of the
    /// body, and leaves what follows it in `input`.
    mutating func decode(
        _ input: inout Slice<UnsafeRawBufferPointer>, into body: inout [UInt8]
    ) throws(HTTPParseError) -> Bool {
        while true {
            switch state {
            case .sizeLine:
                let limit = Self.maxSizeDigits + 2 + limits.maxChunkExtensionBytes - extensionBytes
                switch try line.fill(from: &input, limit: limit) {
                case .needMoreData: return false
                case .tooLong: throw extensionsTooLarge
                case .complete:
                    let size = try parseSizeLine(bodyCount: body.count)
                    state = size == 0 ? .trailers : .data(remaining: size)
                }
            case .data(let remaining):
                guard !input.isEmpty else { return false }
                let piece = input.prefix(remaining)
                body.append(contentsOf: piece)
                input = input.dropFirst(piece.count)
                state = piece.count == remaining ? .dataEnd : .data(remaining: remaining - piece.count)
            case .dataEnd:
                // RFC 9112 section 7.1: chunk-data is followed by CRLF and nothing else.
                let progress = try line.fill(from: &input, limit: 2)
                if progress == .needMoreData { return false }
                guard progress == .complete, line.bytes.isEmpty else {
                    throw HTTPParseError(.chunk, "The data of a chunk is not followed by CRLF.")
                }
                state = .sizeLine
            case .trailers:
                guard try trailerFields.parse(&input, line: &line) else { return false }
                state = .done
            case .done:
                return true
            }
        }
    }

    /// RFC 9112 section 7.1: chunk-size [ chunk-ext ], where chunk-size = 1*HEXDIG.
    private mutating func parseSizeLine(bodyCount: Int) throws(HTTPParseError) -> Int {
        let digits = line.bytes.prefix { ASCII.hexValue($0) != nil }
        // A recipient must anticipate large sizes; this many digits cannot overflow Int.
        guard !digits.isEmpty, digits.count <= Self.maxSizeDigits else {
            throw HTTPParseError(
                .chunk, "A chunk size is not a hexadecimal number of at most \(Self.maxSizeDigits) digits.")
        }
        // RFC 9112 section 7.1.1: extensions are ignored. Whitespace before the first ';' is grammar that only
        // smugglers use.
        let extensions = line.bytes[digits.endIndex...]
        guard extensions.isEmpty || extensions.first == ASCII.semicolon, extensions.allSatisfy(ASCII.isFieldContent)
        else {
            throw HTTPParseError(.chunk, "A chunk size is followed by something that is not an extension.")
        }
        extensionBytes += extensions.count
        guard extensionBytes <= limits.maxChunkExtensionBytes else { throw extensionsTooLarge }
        let size = digits.reduce(0) { $0 << 4 | Int(ASCII.hexValue($1) ?? 0) }
        guard size <= limits.maxBodyBytes - bodyCount else {
            throw HTTPParseError(.bodyTooLarge, "The body is larger than \(limits.maxBodyBytes) bytes.")
        }
        return size
    }

    private static let maxSizeDigits = 15

    private var extensionsTooLarge: HTTPParseError {
        HTTPParseError(.bodyTooLarge, "The chunk extensions are larger than \(limits.maxChunkExtensionBytes) bytes.")
    }
}
