// SPDX-License-Identifier: Apache-2.0

import GANKit
import MiniHTTP

/// Pictures of the default model, and the same under `/models/{name}` for any model. `PictureEndpoint` says which there are.
///
/// HEAD is answered as GET is, computation included. RFC 9110 section 9.3.2 would let it leave out Content-Length, which
/// only the finished picture tells, but that is what HEAD is mostly sent for. An animation that has to be computed is an
/// exception: its length is not known when its first frame is sent.
struct PictureRoutes: Sendable {
    static let modelPrefix = "/models/{name}"

    let models: ModelRegistry
    let service: FaceService
    let composer: CompositeService
    let bounds: RequestTerms.Bounds
    let limits: CompositeLimits
    let metrics: ServerMetrics
    var randomSeed: @Sendable () -> UInt32 = { UInt32.random(in: 0...UInt32.max) }

    func add(to router: inout Router) {
        for endpoint in PictureEndpoint.all {
            router.on(endpoint.method, endpoint.pattern) {
                try await answer(endpoint, models.catalog.defaultEntry, $0)
            }
            router.on(endpoint.method, Self.modelPrefix + endpoint.pattern) {
                try await answer(endpoint, models.entry(of: $0), $0)
            }
        }
    }

    private func answer(
        _ endpoint: PictureEndpoint, _ entry: CatalogEntry, _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        do {
            switch endpoint.kind {
            case .face, .latent:
                let type = try endpoint.type ?? PictureFileType.negotiated(by: request)
                return try await answer(endpoint, entry, request, type)
            default:
                return try await answer(endpoint, entry, request, endpoint.type ?? .png)
            }
        } catch let error as ParameterError {
            throw error.httpError
        }
    }

    private func answer(
        _ endpoint: PictureEndpoint, _ entry: CatalogEntry, _ request: HTTPRequest, _ type: PictureFileType
    ) async throws -> HTTPResponse {
        let parser = entry.parameters(of: endpoint)
        let body = endpoint.kind == .latent ? try LatentBody(request) : nil
        let query = PictureQuery(
            endpoint: endpoint, entry: entry, values: try parser.parse(request, and: body?.items ?? []), type: type,
            request: request)
        switch endpoint.kind {
        case .face where query.isJudged:
            return try await judged(query, query.face())
        case .face:
            return try await face(query, query.face())
        case .anyFace:
            var face = try query.face()
            guard query.values["seed"] != nil else {
                face.seed = randomSeed()
                return HTTPResponse(
                    status: .temporaryRedirect,
                    headers: ["Location": entry.canonicalURL(of: face), "Cache-Control": "no-store"])
            }
            return try await self.face(query, face)
        case .facts:
            return try await facts(query)
        case .latent:
            var face = try query.face()
            face.latent = try body?.latent(for: entry.model.generator.configuration)
            return try await self.face(query, face)
        case .avatar:
            var face = try query.face()
            face.seed = Avatar.seed(of: query.values.text("text") ?? "")
            return try await self.face(query, face)
        case .grid:
            return try await grid(
                query,
                PictureGrid(
                    seeds: query.values.seeds("seeds") ?? [], columns: query.values.integer("columns"),
                    like: query.face()))
        case .mixes:
            let layers = query.values.layers("layers") ?? .mixed(of: entry.traits.layerCount)
            return try await grid(
                query,
                PictureGrid(
                    rows: query.values.seeds("rows") ?? [], columns: query.values.seeds("columns") ?? [],
                    layers: layers, like: query.face(without: "layers")))
        case .morph:
            return try await morph(query)
        case .animation:
            return try await animation(query)
        }
    }

    private func face(_ query: PictureQuery, _ parameters: FaceParameters) async throws -> HTTPResponse {
        let terms = try RequestTerms(query.values, query.request, bounds: bounds)
        let job = FaceJob(model: query.entry.model, parameters: parameters)
        let key = job.key
        return try await answer(query, key: key, canonicalURL: parameters.canonicalURL, terms) {
            let arrival = try await service.face(job, key, terms)
            return .init(file: arrival.response.file, timing: FaceTiming(arrival).fieldValue)
        }
    }

    private func morph(_ query: PictureQuery) async throws -> HTTPResponse {
        var way = query.way
        way.position = query.values.decimal("t") ?? FixedDecimal(millionths: 500_000)
        guard way.position.millionths <= way.end * 1_000_000 else {
            throw ParameterError(
                parameter: "t", value: way.position.description,
                allowed: "a decimal number from 0 to \(way.end) for \(way.seeds.count) seeds", reason: .outOfRange)
        }
        var face = try query.face()
        face.seed = way.seeds[0]
        face.morph = way
        return try await self.face(query, face)
    }

    private func grid(_ query: PictureQuery, _ grid: PictureGrid) async throws -> HTTPResponse {
        let job = GridJob(model: query.entry.model, grid: grid)
        try limits.check(job)
        let terms = try RequestTerms(query.values, query.request, bounds: bounds)
        return try await answer(query, key: job.key, canonicalURL: grid.canonicalURL, terms) {
            try await composer.picture(job, terms)
        }
    }

    private func animation(_ query: PictureQuery) async throws -> HTTPResponse {
        let rate = query.values.integer("fps") ?? Animation.defaultFramesPerSecond
        let way = query.way
        guard let timing = AnimationTiming(framesPerSecond: rate, loops: way.isClosed ? 0 : 1) else {
            throw ParameterError(
                parameter: "fps", value: "\(rate)", allowed: "\(AnimationTiming.frameRates)", reason: .outOfRange)
        }
        let frames = query.values.integer("frames") ?? min(Animation.defaultFrames, limits.maxFrames)
        let animation = try Animation(way, frames: frames, timing: timing, like: query.face())
        let job = AnimationJob(model: query.entry.model, animation: animation)
        let terms = try RequestTerms(query.values, query.request, bounds: bounds)
        return try await answer(query, key: job.key, canonicalURL: animation.canonicalURL, terms) {
            try await composer.animation(job, terms)
        }
    }

    /// The picture of a key, unless the client has it.
    func answer(
        _ query: PictureQuery, key: FaceKey, canonicalURL: String, _ terms: RequestTerms,
        make: () async throws -> CompositeService.Picture
    ) async throws -> HTTPResponse {
        let isPost = query.request.method == .post
        var headers: HTTPHeaders = [
            "ETag": key.entityTag,
            "Cache-Control": isPost ? "no-store" : CacheControl.forever,
        ]
        let canonicalURL = query.entry.pathPrefix + canonicalURL
        if query.request.target != canonicalURL, !isPost {
            headers.add("Content-Location", canonicalURL)
        }
        if query.endpoint.type == nil {
            headers.add("Vary", "Accept")
        }
        // The tag is known before anything is computed, so a client that has the picture costs no work.
        if try !isPost && query.request.isNotModified(etag: key.entityTag) {
            return HTTPResponse(status: .notModified, headers: headers)
        }
        headers.add("Content-Type", query.type.mediaType)
        do {
            let picture = try await make()
            headers.add("Server-Timing", picture.timing)
            return HTTPResponse(status: .ok, headers: headers, body: picture.file, stream: picture.stream)
        } catch let error as RateLimiter.Exceeded {
            metrics.recordRejected(.rateLimited)
            throw error.httpError
        } catch let error as DynamicBatcherError {
            error.rejectionReason.map(metrics.recordRejected)
            throw error.httpError(timeout: terms.timeout)
        }
    }
}
