// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// A route as the interface describes it: what it takes and what it gives.
struct RouteDescription: Sendable {
    /// An answer that is no error.
    struct Answer: Sendable {
        var status = HTTPStatus.ok
        let summary: String
        var mediaTypes: [String] = []
        /// Of the JSON that it is.
        var schema: JSONValue?
    }

    var method = HTTPMethod.get
    /// As the router has it.
    let pattern: String
    let summary: String
    /// The group that the route is shown in.
    let tag: String
    /// Of path and query.
    var parameters: [ParameterDeclaration] = []
    /// The schema of the JSON in the request's body; nil where there is none.
    var body: JSONValue?
    let answers: [Answer]
    /// The errors that it can be answered with, beside those of any route.
    var errors: [HTTPStatus] = []
}

extension RouteDescription {
    /// Of the routes that are no model's.
    static let plain: [RouteDescription] = [
        RouteDescription(
            pattern: "/", summary: "A page to look through the faces.", tag: "page",
            answers: [Answer(summary: "The page.", mediaTypes: ["text/html"])]),
        RouteDescription(
            pattern: PageAssets.pattern, summary: "The page's style sheet and scripts.", tag: "page",
            parameters: [
                ParameterDeclaration(
                    name: "version", summary: "Which page they belong to.", form: .text(maxBytes: 64),
                    isRequired: true, place: .path),
                ParameterDeclaration(
                    name: "file", summary: "Which of them.", form: .text(maxBytes: 64), isRequired: true, place: .path),
            ],
            answers: [
                Answer(summary: "The file.", mediaTypes: ["text/css", "text/javascript", "image/svg+xml"])
            ],
            errors: [.notFound]),
        RouteDescription(
            pattern: "/status", summary: "How busy the server is, for the page.", tag: "page",
            answers: [
                Answer(summary: "A few numbers.", mediaTypes: ["application/json"], schema: ["type": "object"])
            ]),
        RouteDescription(
            pattern: "/models", summary: "The models that are served.", tag: "models",
            answers: [
                Answer(
                    summary: "A list of models.", mediaTypes: ["application/json"],
                    schema: [
                        "type": "object", "required": ["models"],
                        "properties": [
                            "models": ["type": "array", "items": ["$ref": "#/components/schemas/Model"]]
                        ],
                    ])
            ]),
        RouteDescription(
            pattern: "/openapi.json", summary: "This description.", tag: "page",
            answers: [
                Answer(
                    summary: "An OpenAPI 3.1 document.", mediaTypes: ["application/json"], schema: ["type": "object"]),
                Answer(status: .notModified, summary: "The client has it."),
            ]),
        RouteDescription(
            pattern: "/healthz", summary: "Whether the process lives.", tag: "operation",
            answers: [Answer(summary: "It does.", mediaTypes: ["text/plain"])]),
        RouteDescription(
            pattern: "/readyz", summary: "Whether the server takes requests.", tag: "operation",
            answers: [Answer(summary: "It does.", mediaTypes: ["text/plain"])], errors: [.serviceUnavailable]),
        RouteDescription(
            pattern: "/metrics", summary: "The state of the server for Prometheus.", tag: "operation",
            answers: [Answer(summary: "Prometheus's text format.", mediaTypes: ["text/plain"])]),
        RouteDescription(
            method: .post, pattern: "/admin/reload", summary: "Loads the models whose files have changed.",
            tag: "operation",
            answers: [
                Answer(
                    summary: "What was done, by model.", mediaTypes: ["application/json"], schema: reloadReport),
                Answer(
                    status: .unprocessableContent, summary: "A file cannot be served; what was served before still is.",
                    mediaTypes: ["application/json"], schema: reloadReport),
            ]),
    ]

    private static let reloadReport: JSONValue = [
        "type": "object", "required": ["unchanged", "replaced", "failed"],
        "properties": [
            "unchanged": ["type": "array", "items": ["type": "string"]],
            "replaced": ["type": "array", "items": ["type": "object"]],
            "failed": ["type": "array", "items": ["type": "object"]],
        ],
    ]

    /// Of a model's pictures.
    ///
    /// - Parameters:
    ///   - declarations: of all parameters
    ///   - prefix: of the model
    init(_ endpoint: PictureEndpoint, _ declarations: [ParameterDeclaration], prefix: String) {
        var errors: [HTTPStatus] = [.tooManyRequests, .serviceUnavailable, .gatewayTimeout]
        var answers = [
            Answer(
                summary: endpoint.kind == .facts ? "The facts." : "The picture.", mediaTypes: endpoint.mediaTypes,
                schema: endpoint.kind == .facts ? ["$ref": "#/components/schemas/Facts"] : nil)
        ]
        if endpoint.method == .get {
            answers.append(Answer(status: .notModified, summary: "The client has it."))
            errors.append(.preconditionFailed)
        }
        switch endpoint.kind {
        case .anyFace: answers.append(Answer(status: .temporaryRedirect, summary: "To a random face."))
        case .face where endpoint.type == nil: errors += [.notAcceptable, .notFound]
        case .latent: errors += [.notAcceptable, .unsupportedMediaType, .contentTooLarge]
        default: break
        }
        if !prefix.isEmpty, !errors.contains(.notFound) {
            errors.append(.notFound)
        }
        self.init(
            method: endpoint.method, pattern: prefix + endpoint.pattern, summary: endpoint.summary, tag: "pictures",
            parameters: declarations, body: endpoint.kind == .latent ? Self.latent(declarations) : nil,
            answers: answers, errors: errors)
    }

    /// Of the list of a model's directions.
    init(directionsOf entry: CatalogEntry) {
        let direction: JSONValue = [
            "type": "object", "required": ["space"],
            "properties": [
                "name": ["type": "string"], "index": ["type": "integer", "minimum": 0],
                "space": ["type": "string", "enum": ["w", "z"]], "strength": ["type": "number", "minimum": 0],
            ],
        ]
        self.init(
            pattern: "/models/\(entry.pathName)/directions",
            summary: "Along which directions faces can be edited: those of files, and those found in the weights.",
            tag: "models",
            answers: [
                Answer(
                    summary: "The directions.", mediaTypes: ["application/json"],
                    schema: [
                        "type": "object", "required": ["directions"],
                        "properties": ["directions": ["type": "array", "items": direction]],
                    ])
            ],
            errors: [.notFound])
    }

    /// The body of `POST /faces`, which may have any of the query's parameters too.
    private static func latent(_ declarations: [ParameterDeclaration]) -> JSONValue {
        let numbers: JSONValue = ["type": "array", "items": ["type": "number"]]
        let base64: JSONValue = ["type": "string", "contentEncoding": "base64"]
        var members: [String: JSONValue] = [
            "z": ["description": "The input latent.", "oneOf": [numbers, base64]],
            "w": [
                "description": "The intermediate latent, of all layers alike or of each.",
                "oneOf": [numbers, ["type": "array", "items": numbers], base64],
            ],
        ]
        for declaration in declarations where declaration.isAvailable {
            members[declaration.name] = declaration.schema
        }
        return [
            "type": "object", "properties": .object(members),
            "oneOf": [["required": ["z"]], ["required": ["w"]]],
        ]
    }
}
