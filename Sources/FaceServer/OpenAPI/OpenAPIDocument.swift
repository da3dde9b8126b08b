// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// The description of the interface (OpenAPI 3.1), made of the declarations that parse the requests.
///
/// Bounds depend on the model, so each model's routes are named one by one.
struct OpenAPIDocument {
    /// Errors that any request may meet: what is wrong with the request itself, access, and what went wrong.
    private static let commonErrors: [HTTPStatus] = [
        .badRequest, .unauthorized, .forbidden, .gone, .uriTooLong, .requestHeaderFieldsTooLarge, .internalServerError,
    ]

    let routes: [RouteDescription]
    /// Whether nothing needs a key.
    let isOpen: Bool

    /// - Parameter isMeasured: whether there are `/metrics` and `/status`
    init(_ catalog: ModelCatalog, isOpen: Bool, isMeasured: Bool) {
        self.isOpen = isOpen
        routes =
            RouteDescription.plain.filter { isMeasured || !["/metrics", "/status"].contains($0.pattern) }
            + catalog.entries.flatMap { entry in
                PictureEndpoint.all.flatMap { endpoint in
                    let declarations = entry.parameters(of: endpoint).declarations
                    let prefixes = ["/models/\(entry.pathName)"] + (entry.isDefault ? [""] : [])
                    return prefixes.map { RouteDescription(endpoint, declarations, prefix: $0) }
                } + [RouteDescription(directionsOf: entry)]
            }
    }

    /// The document.
    var json: JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for route in routes {
            paths[route.pattern, default: [:]][route.method.rawValue.lowercased()] = operation(route)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "FaceServer", "version": .string(BuildInformation.version),
                "summary": "Faces that a generative adversarial network makes up, one URL each.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": Self.schemas,
                "responses": ["Problem": Self.problem],
                "securitySchemes": [
                    "key": ["type": "http", "scheme": "bearer"],
                    "signature": ["type": "apiKey", "in": "query", "name": "signature"],
                ],
            ],
        ]
    }

    private func operation(_ route: RouteDescription) -> JSONValue {
        var responses: [String: JSONValue] = ["default": ["$ref": "#/components/responses/Problem"]]
        for error in Self.commonErrors + route.errors {
            responses["\(error.code)"] = ["$ref": "#/components/responses/Problem"]
        }
        for answer in route.answers {
            responses["\(answer.status.code)"] = Self.response(answer)
        }
        var operation: [String: JSONValue] = [
            "summary": .string(route.summary), "tags": [.string(route.tag)], "responses": .object(responses),
            "parameters": .array(route.parameters.filter(\.isAvailable).map(\.parameterObject)),
            "security": security(of: route),
        ]
        if let body = route.body {
            operation["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
        }
        return .object(operation)
    }

    private static func response(_ answer: RouteDescription.Answer) -> JSONValue {
        var response: [String: JSONValue] = ["description": .string(answer.summary)]
        if !answer.mediaTypes.isEmpty {
            let content = answer.mediaTypes.map { type in
                (type, JSONValue.object(answer.schema.map { ["schema": $0] } ?? [:]))
            }
            response["content"] = .object(Dictionary(uniqueKeysWithValues: content))
        }
        return .object(response)
    }

    private func security(of route: RouteDescription) -> JSONValue {
        switch AccessScope.required(route: route.pattern) {
        case nil: []
        case .admin: [["key": []]]
        case .metrics: isOpen ? [] : [["key": []]]
        case .faces: isOpen ? [] : route.method == .get ? [["key": []], ["signature": []]] : [["key": []]]
        }
    }

    private static let problem: JSONValue = [
        "description": "An error, as RFC 9457 has it.",
        "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
    ]

    private static let schemas: JSONValue = [
        "Problem": [
            "type": "object", "required": ["type", "title", "status", "detail"],
            "properties": [
                "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"],
                "detail": ["type": "string", "description": "What was wrong, the value that came and the bound."],
                "parameter": ["type": "string", "description": "The parameter that was refused."],
                "value": ["type": "string", "description": "The value that came, shortened."],
                "allowed": ["type": "string", "description": "What is allowed."],
            ],
        ],
        "Model": [
            "type": "object",
            "required": [
                "name", "default", "sha256", "resolution", "classes", "layers", "noise", "transform", "truncation",
                "cutoff", "format", "faces",
            ],
            "properties": [
                "name": ["type": "string"], "default": ["type": "boolean"],
                "sha256": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
                "resolution": ["type": "integer", "minimum": 1], "classes": ["type": "integer", "minimum": 0],
                "layers": ["type": "integer", "minimum": 1], "noise": ["type": "boolean"],
                "transform": ["type": "boolean"], "truncation": ["type": "number"],
                "cutoff": ["type": "integer", "minimum": 0],
                "format": ["type": "string"], "description": ["type": "string"], "license": ["type": "string"],
                "faces": ["type": "string", "description": "A URI template, RFC 6570."],
            ],
        ],
        "Facts": [
            "type": "object", "required": ["model", "seed", "parameters", "etag", "urls"],
            "properties": [
                "model": [
                    "type": "object", "required": ["name", "sha256"],
                    "properties": ["name": ["type": "string"], "sha256": ["type": "string"]],
                ],
                "seed": ["type": "integer", "minimum": 0, "maximum": .integer(Int(UInt32.max))],
                "parameters": ["type": "object"], "etag": ["type": "string"],
                "urls": ["type": "object", "additionalProperties": ["type": "string"]],
                "w": [
                    "oneOf": [
                        ["type": "string", "contentEncoding": "base64"],
                        ["type": "array", "items": ["type": "array", "items": ["type": "number"]]],
                    ]
                ],
            ],
        ],
    ]
}
