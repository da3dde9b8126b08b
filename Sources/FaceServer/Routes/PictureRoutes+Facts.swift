// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GANKit
import MiniHTTP

extension PictureRoutes {
    /// Latents take a millisecond or so, which is too long for Swift's cooperative threads.
    private static let queue = DispatchQueue(label: "faceserver.latents", qos: .userInitiated)

    /// `/faces/{seed}.json`
    func facts(_ query: PictureQuery) async throws -> HTTPResponse {
        let face = try query.face()
        let entry = query.entry
        let form = query.values.word("w").flatMap { WForm(rawValue: $0) }
        let quality = query.values.integer("quality")
        // The canonical URLs of the pictures are in it, so what decides them decides the tag.
        let urls = PictureFileType.stills.map { type in
            var other = face
            other.format = PictureFormat(type, quality: quality)
            return (type: type, url: entry.canonicalURL(of: other))
        }
        let tag = FaceKey(
            model: entry.model.identity, canonicalURL: urls.map(\.url).joined(separator: " "),
            encoder: "json \(form?.rawValue ?? "")" + entry.model.directions.fingerprint(of: face.edits)
        ).entityTag
        var headers: HTTPHeaders = ["ETag": tag, "Cache-Control": CacheControl.forever]
        if try query.request.isNotModified(etag: tag) {
            return HTTPResponse(status: .notModified, headers: headers)
        }
        headers.add("Content-Type", "application/json")
        var facts: [String: JSONValue] = [
            "model": ["name": .string(entry.name), "sha256": .string(entry.model.identity.sha256)],
            "seed": .integer(Int(face.seed)),
            "parameters": .object(Self.parameters(of: face)),
            "etag": .string(FaceJob(model: entry.model, parameters: face).key.entityTag),
            "urls": .object(
                Dictionary(uniqueKeysWithValues: urls.map { ($0.type.rawValue, .string($0.url)) })),
        ]
        if let form {
            facts["w"] = try await Self.w(of: face, entry.model, form)
        }
        return .json(try JSONText.encode(JSONValue.object(facts)) + "\n", headers: headers)
    }

    private static func parameters(of face: FaceParameters) -> [String: JSONValue] {
        let numbers = ["truncation", "cutoff", "class", "noise_seed", "mix", "rotate", "size", "quality"]
        return Dictionary(
            uniqueKeysWithValues: face.canonicalQuery().map { name, text in
                (name, numbers.contains(name) ? Double(text).map { .number($0) } ?? .string(text) : .string(text))
            })
    }

    private static func w(of face: FaceParameters, _ model: ServedModel, _ form: WForm) async throws -> JSONValue {
        let latent = try await queue.run { try model.latent(of: face) }
        switch form {
        case .base64:
            return .string(RawLatent.base64(latent.ws))
        case .list:
            let width = latent.ws.count / latent.numWs
            return .array(
                (0..<latent.numWs).map { layer in
                    .array(latent.ws[layer * width..<(layer + 1) * width].map { .number(Double($0)) })
                })
        }
    }
}
