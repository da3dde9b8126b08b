// SPDX-License-Identifier: Apache-2.0

/// Why the bytes of a client are not a request that this server reads. After one the connection's framing is unknown,
/// so it is answered once and closed.
struct HTTPParseError: Error, Equatable {
    /// The rule that was broken, which decides the status.
    enum Rule: Equatable {
        case lineTerminator
        case requestLine
        case requestLineTooLong
        case target
        case method
        case version
        case field
        case headerTooLarge
        case host
        case contentLength
        case transferEncoding
        case unknownTransferCoding
        case chunk
        case bodyTooLarge
        case expectation
        case truncated
        case timeout
    }

    let rule: Rule
    /// One sentence for the client.
    let detail: String

    init(_ rule: Rule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }

    var status: HTTPStatus {
        switch rule {
        case .lineTerminator, .requestLine, .target, .field, .host, .contentLength, .transferEncoding, .chunk,
            .truncated:
            .badRequest
        case .requestLineTooLong: .uriTooLong
        case .method, .unknownTransferCoding: .notImplemented
        case .version: .httpVersionNotSupported
        case .headerTooLarge: .requestHeaderFieldsTooLarge
        case .bodyTooLarge: .contentTooLarge
        case .expectation: .expectationFailed
        case .timeout: .requestTimeout
        }
    }

    var response: HTTPResponse {
        HTTPError(status, detail: detail).response()
    }
}
