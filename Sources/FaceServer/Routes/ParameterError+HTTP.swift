// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

extension ParameterError {
    /// 400 with the parts of the message as members of the problem (RFC 9457 section 3.2), for programs.
    var httpError: HTTPError {
        var error = HTTPError(.badRequest, detail: description)
        error.members.append((name: "parameter", value: .string(Self.shortened(parameter))))
        if let value {
            error.members.append((name: "value", value: .string(Self.shortened(value))))
        }
        error.members.append((name: "allowed", value: .string(allowed)))
        return error
    }
}

extension RequestTerms {
    /// Takes values that have passed `declarations(_:)`, and the request's fields; errors are 400.
    init(
        _ values: ParameterValues, _ request: HTTPRequest, bounds: Bounds
    ) throws {
        do {
            try self.init(
                values, requestTimeout: request.headers["Request-Timeout"],
                priorityField: request.headers["Priority"], bounds: bounds)
        } catch {
            throw error.httpError
        }
    }
}

extension ParameterParser {
    /// The parameters of a request's path and query, with errors as 400.
    ///
    /// - Parameter body: parameters that the request's body has
    func parse(
        _ request: HTTPRequest, and body: [(name: String, value: String)] = []
    ) throws -> ParameterValues {
        let path = declarations.filter { $0.place == .path }.map {
            (name: $0.name, value: request.parameters[$0.name] ?? "")
        }
        let items = path + body + (try request.queryItems())
        do {
            return try parse(items)
        } catch {
            throw error.httpError
        }
    }
}
