// SPDX-License-Identifier: Apache-2.0

extension ParameterDeclaration {
    /// The JSON schema (draft 2020-12) of the values.
    var schema: JSONValue {
        switch form {
        case .integer(let bounds):
            [
                "type": "integer", "minimum": .integer(bounds.lowerBound), "maximum": .integer(bounds.upperBound),
            ]
        case .decimal(let bounds):
            [
                "type": "number", "minimum": .number(bounds.lowerBound.doubleValue),
                "maximum": .number(bounds.upperBound.doubleValue),
            ]
        case .offset: ["type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?,-?[0-9]+(\\.[0-9]+)?$"]
        case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
        case .duration: ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?(ms|s|m|h)?$"]
        case .seeds, .layers: ["type": "string", "pattern": "^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$"]
        case .way(let counts):
            [
                "type": "string",
                "pattern": "^[0-9]{1,10}(-[0-9]{1,10}){\(counts.lowerBound - 1),\(counts.upperBound - 1)}$",
            ]
        case .edits: ["type": "string", "pattern": .string("^\(Self.step)(,\(Self.step))*$")]
        case .flag: ["type": "boolean"]
        case .text(let maxBytes):
            ["type": "string", "minLength": 1, "maxLength": .integer(maxBytes), "pattern": "^[^\\u0000]+$"]
        case .unavailable: .bool(false)
        }
    }

    /// A direction, a distance, and layers.
    private static let step = "[A-Za-z0-9._-]+:-?[0-9]+(\\.[0-9]+)?(:[0-9]+(-[0-9]+)?)?"

    /// The parameter as an OpenAPI document has it.
    var parameterObject: JSONValue {
        var object: [String: JSONValue] = [
            "name": .string(name), "in": place == .path ? "path" : "query", "required": .bool(isRequired),
            "description": "\(summary) Allowed: \(allowed).", "schema": schema,
        ]
        if case .flag = form {
            object["allowEmptyValue"] = true
        }
        return .object(object)
    }
}
