// SPDX-License-Identifier: Apache-2.0

@testable import MiniHTTP

/// What holds of the parser for any bytes. `make fuzz` looks for bytes that break it, a test replays the corpus.
enum HTTPRequestParserProperty {
    /// Small, so that short inputs reach them.
    private static let limits = HTTPLimits(
        maxRequestLineBytes: 512, maxHeaderBytes: 2048, maxHeaderCount: 24, maxBodyBytes: 1024,
        maxChunkExtensionBytes: 64)

    private struct Outcome: Equatable {
        var requests: [[UInt8]] = []
        var error: HTTPParseError.Rule?
        var violation: String?
    }

    /// The rule that `bytes` break; nil when they break none.
    static func violation(_ bytes: UnsafeRawBufferPointer) -> String? {
        let whole = outcome(bytes, pieces: [bytes.count])
        if let violation = whole.violation { return violation }
        let singles = [Int](repeating: 1, count: bytes.count)
        for pieces in [singles, [bytes.count / 2, bytes.count], [1, 7, 64, bytes.count]]
        where outcome(bytes, pieces: pieces) != whole {
            return "the outcome depends on where the bytes are split: \(pieces.prefix(4))"
        }
        return nil
    }

    private static func outcome(_ bytes: UnsafeRawBufferPointer, pieces: [Int]) -> Outcome {
        var parser = HTTPRequestParser(limits: limits)
        var outcome = Outcome()
        var rest = bytes[...]
        for piece in pieces where !rest.isEmpty {
            var input = rest.prefix(piece)
            rest = rest.dropFirst(input.count)
            while !input.isEmpty {
                do {
                    guard case .complete(let request) = try parser.next(&input) else { continue }
                    outcome.violation = outcome.violation ?? violation(in: request)
                    outcome.requests.append(canonical(request))
                } catch {
                    outcome.error = error.rule
                    return outcome
                }
            }
        }
        return outcome
    }

    private static func violation(in request: HTTPRequest) -> String? {
        guard request.method.rawValue.utf8.allSatisfy(ASCII.isToken), !request.method.rawValue.isEmpty else {
            return "the method is no token"
        }
        guard request.target.utf8.allSatisfy(ASCII.isVisible) else { return "the target is not visible ASCII" }
        guard request.path.hasPrefix("/") || (request.path == "*" && request.method == .options) else {
            return "the path starts with no slash"
        }
        guard request.body.count <= limits.maxBodyBytes else { return "the body is larger than the limit" }
        for fields in [request.headers, request.trailers] {
            guard fields.count <= limits.maxHeaderCount else { return "there are more fields than the limit" }
            let isClean = fields.allSatisfy { name, value in
                !name.isEmpty && name.utf8.allSatisfy(ASCII.isToken) && value.utf8.allSatisfy(ASCII.isFieldContent)
            }
            guard isClean else { return "a field holds what it must not" }
        }
        let hosts = request.headers.values(for: "Host").count
        guard hosts == 1 || (hosts == 0 && request.version == .http10) else { return "there are \(hosts) Hosts" }
        if let path = try? RequestPath(request.path), path.segments.contains(where: { $0 == "." || $0 == ".." }) {
            return "a dot segment reaches the routes"
        }
        _ = try? request.queryItems()
        return roundTripViolation(request)
    }

    /// A request that is written out with the length that was found is read as the same request: whoever passes it on
    /// sees the same end of it.
    private static func roundTripViolation(_ request: HTTPRequest) -> String? {
        let text = canonical(request)
        var parser = HTTPRequestParser(limits: HTTPLimits())
        return text.withUnsafeBytes { bytes -> String? in
            var input = bytes[...]
            do throws(HTTPParseError) {
                while true {
                    switch try parser.next(&input) {
                    case .needMoreData: return "a request that was written out is not complete"
                    case .head: continue
                    case .complete(let copy):
                        guard input.isEmpty, canonical(copy) == text else {
                            return "a request that was written out is read as another"
                        }
                        return nil
                    }
                }
            } catch {
                return "a request that was written out is refused: \(error.detail)"
            }
        }
    }

    private static func canonical(_ request: HTTPRequest) -> [UInt8] {
        var text = "\(request.method) \(request.target) \(request.version)\r\n"
        let framing = ["content-length", "transfer-encoding"]
        for (name, value) in request.headers where !framing.contains(name.lowercased()) {
            text += "\(name): \(value)\r\n"
        }
        if !request.body.isEmpty { text += "Content-Length: \(request.body.count)\r\n" }
        return Array((text + "\r\n").utf8) + request.body
    }
}
