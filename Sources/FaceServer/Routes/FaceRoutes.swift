// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/faces/{seed}.png` and `/face`, two forms of one resource, of the default model, and the same under
/// `/models/{name}` for any model.
///
/// HEAD is answered as GET is, computation included. RFC 9110 section 9.3.2 would let it leave out Content-Length, which
/// only the finished picture tells, but that is what HEAD is mostly sent for.
struct FaceRoutes: Sendable {
    private static let faceCacheControl = "public, max-age=31536000, immutable"

    let models: ModelRegistry
    let service: FaceService
    let bounds: RequestTerms.Bounds
    let metrics: ServerMetrics
    var randomSeed: @Sendable () -> UInt32 = { UInt32.random(in: 0...UInt32.max) }

    func add(to router: inout Router) {
        router.get("/faces/{seed}.png") { try await seededFace(of: models.catalog.defaultEntry, $0) }
        router.get("/face") { try await anyFace(of: models.catalog.defaultEntry, $0) }
        router.get("/models/{name}/faces/{seed}.png") { try await seededFace(of: entry(of: $0), $0) }
        router.get("/models/{name}/face") { try await anyFace(of: entry(of: $0), $0) }
    }

    private func entry(of request: HTTPRequest) throws -> CatalogEntry {
        let name = request.parameters["name"] ?? ""
        let catalog = models.catalog
        if let entry = catalog[name] {
            return entry
        }
        let suggestion = NearestName.of(name, among: catalog.entries.map(\.name))
        let hint = suggestion.map { "Did you mean '\($0)'?" } ?? "/models lists them all."
        throw HTTPError(
            .notFound, detail: "There is no model '\(ParameterError.shortened(name))'. \(hint)",
            headers: ["Cache-Control": "no-store"])
    }

    private func seededFace(of entry: CatalogEntry, _ request: HTTPRequest) async throws -> HTTPResponse {
        let values = try entry.parameters.parse(request, pathParameter: "seed")
        return try await face(of: entry, FaceParameters(values, model: entry.traits), values, request)
    }

    private func anyFace(of entry: CatalogEntry, _ request: HTTPRequest) async throws -> HTTPResponse {
        let values = try entry.seedlessParameters.parse(request)
        var parameters = FaceParameters(values, model: entry.traits)
        guard values["seed"] != nil else {
            parameters.seed = randomSeed()
            return HTTPResponse(
                status: .temporaryRedirect,
                headers: ["Location": entry.canonicalURL(of: parameters), "Cache-Control": "no-store"])
        }
        return try await face(of: entry, parameters, values, request)
    }

    private func face(
        of entry: CatalogEntry, _ parameters: FaceParameters, _ values: [String: ParameterDeclaration.Value],
        _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        let terms = try RequestTerms(values, request, bounds: bounds)
        let job = FaceJob(model: entry.model, parameters: parameters)
        let etag = job.key.entityTag
        let canonicalURL = entry.canonicalURL(of: parameters)
        var headers: HTTPHeaders = ["ETag": etag, "Cache-Control": Self.faceCacheControl]
        if request.target != canonicalURL {
            headers.add("Content-Location", canonicalURL)
        }
        // The tag is known before anything is computed, so a client that has the picture costs no work.
        if try request.isNotModified(etag: etag) {
            return HTTPResponse(status: .notModified, headers: headers)
        }
        headers.add("Content-Type", "image/png")
        do {
            let arrival = try await service.face(job, terms)
            headers.add("Server-Timing", FaceTiming(arrival).fieldValue)
            return HTTPResponse(status: .ok, headers: headers, body: arrival.response.png)
        } catch let error as RateLimiter.Exceeded {
            metrics.recordRejected(.rateLimited)
            throw error.httpError
        } catch let error as DynamicBatcherError {
            error.rejectionReason.map(metrics.recordRejected)
            throw error.httpError(timeout: terms.timeout)
        }
    }
}
