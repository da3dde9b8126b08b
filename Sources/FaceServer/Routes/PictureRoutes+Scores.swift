// SPDX-License-Identifier: Apache-2.0

import GANKit
import MiniHTTP

extension PictureRoutes {
    static let bestOfBounds = 2...16

    /// A face with its score, or the one of several neighbours that has the highest.
    func judged(_ query: PictureQuery, _ parameters: FaceParameters) async throws -> HTTPResponse {
        let terms = try RequestTerms(query.values, query.request, bounds: bounds)
        let count = query.values.integer("best_of") ?? 1
        let asked = FaceJob(model: query.entry.model, parameters: parameters)
        // The picture is decided by what is asked, so this is known before anything is computed.
        let key = FaceKey(
            model: asked.model.identity, canonicalURL: "\(asked.key.digest) score, best of \(count)",
            encoder: parameters.format.type.encoder)
        var best = parameters
        var score = ""
        var response = try await answer(query, key: key, canonicalURL: parameters.canonicalURL, terms) {
            let (face, value) = try await bestFace(of: count, from: parameters, query.entry.model, terms)
            (best, score) = (face, value.description)
            let arrival = try await service.face(FaceJob(model: query.entry.model, parameters: best), terms)
            return .init(file: arrival.response.file, timing: FaceTiming(arrival).fieldValue)
        }
        if response.status == .ok {
            response.headers["X-Face-Score"] = score
            response.headers["Content-Location"] = query.entry.canonicalURL(of: best)
        } else if count > 1 {
            // Which of them it was takes the work that 304 spares.
            response.headers["Content-Location"] = nil
        }
        return response
    }

    /// The face with the highest score, the first of equals.
    private func bestFace(
        of count: Int, from face: FaceParameters, _ model: ServedModel, _ terms: RequestTerms
    ) async throws -> (face: FaceParameters, score: FaceScore) {
        let faces = Self.neighbours(of: face, count: count)
        let scores = try await withThrowingTaskGroup(of: (index: Int, score: FaceScore).self) { group in
            for (index, face) in faces.enumerated() {
                group.addTask { (index, try await score(of: face, model, terms)) }
            }
            return try await group.reduce(into: [Int: FaceScore]()) { $0[$1.index] = $1.score }
        }
        let ranked = scores.sorted { ($1.value.value, $0.key) < ($0.value.value, $1.key) }
        return (faces[ranked[0].key], ranked[0].value)
    }

    /// A face and those of the seeds that follow, beginning anew after the last seed there is.
    static func neighbours(of face: FaceParameters, count: Int) -> [FaceParameters] {
        (0..<UInt32(count)).map { step in
            var neighbour = face
            neighbour.seed = face.seed &+ step
            return neighbour
        }
    }

    private func score(
        of face: FaceParameters, _ model: ServedModel, _ terms: RequestTerms
    ) async throws -> FaceScore {
        var face = face
        // The discriminator looks at the model's own picture.
        face.size = nil
        face.format = PictureFormat(.score)
        let file = try await service.face(FaceJob(model: model, parameters: face), terms).response.file
        guard let score = FaceScore(file: file) else {
            throw HTTPError(.internalServerError, detail: "The score is no number.")
        }
        return score
    }
}
