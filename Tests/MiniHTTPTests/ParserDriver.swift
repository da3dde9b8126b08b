// SPDX-License-Identifier: Apache-2.0

@testable import MiniHTTP

/// What a parser made of some bytes.
enum ParserOutcome: Equatable, CustomStringConvertible {
    case requests([String])
    case failed(HTTPParseError.Rule)

    var description: String {
        switch self {
        case .requests(let requests): "requests \(requests)"
        case .failed(let rule): "failed \(rule)"
        }
    }
}

enum ParserDriver {
    /// Feeds the pieces one after the other and collects the requests.
    static func parse(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) throws -> [HTTPRequest] {
        var parser = HTTPRequestParser(limits: limits)
        var requests: [HTTPRequest] = []
        for piece in pieces {
            try piece.withUnsafeBytes { bytes in
                var input = bytes[...]
                while !input.isEmpty {
                    if case .complete(let request) = try parser.next(&input) {
                        requests.append(request)
                    }
                }
            }
        }
        return requests
    }

    static func parse(_ text: String, limits: HTTPLimits = HTTPLimits()) throws -> [HTTPRequest] {
        try parse([ArraySlice(text.utf8)], limits: limits)
    }

    /// `METHOD target body`, so that outcomes compare and print.
    static func outcome(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) -> ParserOutcome {
        do {
            return .requests(
                try parse(pieces, limits: limits).map {
                    "\($0.method) \($0.target) \(String(decoding: $0.body, as: UTF8.self))"
                })
        } catch let error as HTTPParseError {
            return .failed(error.rule)
        } catch {
            return .requests(["unexpected \(error)"])
        }
    }

    /// The outcomes of the whole text, of single bytes, and of two pieces split at every point; all must be the same.
    static func outcomes(_ text: String, limits: HTTPLimits = HTTPLimits()) -> Set<String> {
        let bytes = Array(text.utf8)
        var outcomes: Set = [outcome([bytes[...]], limits: limits).description]
        outcomes.insert(outcome(bytes.indices.map { bytes[$0...$0] }, limits: limits).description)
        for split in bytes.indices {
            outcomes.insert(outcome([bytes[..<split], bytes[split...]], limits: limits).description)
        }
        return outcomes
    }
}
