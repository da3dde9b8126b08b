// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import MiniHTTP

extension LatentBody {
    /// - Throws: `HTTPError` for a body that is no JSON object, or `ParameterError`.
    init(_ request: HTTPRequest) throws {
        // RFC 9110 section 8.3.1: type and subtype are case-insensitive, parameters follow a semicolon.
        let type = request.headers["Content-Type"]?.split(separator: ";").first.map { $0.lowercased() }
        guard type?.trimmingSpaces() == "application/json" else {
            throw HTTPError(
                .unsupportedMediaType, detail: "The body is to be application/json.",
                headers: ["Accept-Post": "application/json"])
        }
        do {
            self = try JSONDecoder().decode(LatentBody.self, from: Data(request.body))
        } catch is DecodingError {
            throw HTTPError(.badRequest, detail: "The body is not a JSON object with z or w in it.")
        }
    }
}
