// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GANKit
import MiniHTTP

/// `/models/{name}/directions`: along which directions faces can be edited.
struct DirectionRoutes: Sendable {
    static let pattern = PictureRoutes.modelPrefix + "/directions"
    /// The directions of a model are found at the first request, which takes up to a second.
    private static let queue = DispatchQueue(label: "faceserver.directions", qos: .userInitiated)

    let models: ModelRegistry

    func add(to router: inout Router) {
        router.get(Self.pattern) { request in
            _ = try ParameterParser.none.parse(request)
            let entry = try models.entry(of: request)
            let list = try await Self.list(entry)
            return .json(
                try JSONText.encode(["directions": JSONValue.array(list)]) + "\n",
                headers: ["Cache-Control": "no-cache"])
        }
    }

    /// Those of files by their names, and then those found in the weights, which move most first.
    private static func list(_ entry: CatalogEntry) async throws -> [JSONValue] {
        let named: [JSONValue] = entry.model.directions.names.map { name in
            let space = entry.model.directions.named[name]?.direction.space ?? .w
            return ["name": .string(name), "space": .string(space.rawValue)]
        }
        guard entry.traits.directionCount > 0 else { return named }
        let model = entry.model
        let found = try await queue.run { try model.generator.styleDirections() }
        return named
            + found.strengths.enumerated().map { rank, strength in
                ["index": .integer(rank), "space": "w", "strength": .number(strength)]
            }
    }
}
