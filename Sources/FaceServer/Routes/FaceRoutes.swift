// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// `/faces/{seed}.png` and `/face`: two forms of one resource.
///
/// HEAD is answered as GET is, computation included. RFC 9110 section 9.3.2 would let it leave out Content-Length, which
/// only the finished picture tells, but that is what HEAD is mostly sent for.
struct FaceRoutes: Sendable {
    private static let faceCacheControl = "public, max-age=31536000, immutable"

    private let model: ServedModel
    private let traits: ModelTraits
    private let service: FaceService
    private let bounds: RequestTerms.Bounds
    private let metrics: ServerMetrics
    private let faces: ParameterParser
    private let seedlessFaces: ParameterParser
    private let randomSeed: @Sendable () -> UInt32

    init(
        model: ServedModel,
        traits: ModelTraits,
        service: FaceService,
        bounds: RequestTerms.Bounds,
        metrics: ServerMetrics,
        randomSeed: @escaping @Sendable () -> UInt32 = { UInt32.random(in: 0...UInt32.max) }
    ) {
        self.model = model
        self.traits = traits
        self.service = service
        self.bounds = bounds
        self.metrics = metrics
        self.randomSeed = randomSeed
        let declarations = FaceParameters.declarations(for: traits) + RequestTerms.declarations(bounds)
        faces = ParameterParser(declarations)
        seedlessFaces = ParameterParser(
            declarations.map { declaration in
                var optional = declaration
                optional.isRequired = declaration.isRequired && declaration.name != "seed"
                return optional
            }
        )
    }

    func add(to router: inout Router) {
        router.get("/faces/{seed}.png") { request in
            let values = try faces.parse(request, pathParameter: "seed")
            return try await face(FaceParameters(values, model: traits), values, request)
        }
        router.get("/face") { request in
            let values = try seedlessFaces.parse(request)
            var parameters = FaceParameters(values, model: traits)
            guard values["seed"] != nil else {
                parameters.seed = randomSeed()
                return redirect(to: parameters)
            }
            return try await face(parameters, values, request)
        }
    }

    private func face(
        _ parameters: FaceParameters, _ values: [String: ParameterDeclaration.Value], _ request: HTTPRequest
    ) async throws -> HTTPResponse {
        let terms = try RequestTerms(values, request, bounds: bounds)
        let job = FaceJob(model: model, parameters: parameters)
        let etag = job.key.entityTag
        let canonicalURL = parameters.canonicalURL
        var headers: HTTPHeaders = ["ETag": etag, "Cache-Control": Self.faceCacheControl]
        if request.target != canonicalURL {
            headers.add("Content-Location", canonicalURL)
        }
        // The tag is known before anything is computed, so a client that has the picture costs no work.
        if EntityTag.matches(ifNoneMatch: request.headers.values(for: "If-None-Match"), etag: etag) {
            return HTTPResponse(status: .notModified, headers: headers)
        }
        headers.add("Content-Type", "image/png")
        do {
            let arrival = try await service.face(job, terms)
            headers.add("Server-Timing", FaceTiming(arrival).fieldValue)
            return HTTPResponse(status: .ok, headers: headers, body: arrival.response.png)
        } catch let error as DynamicBatcherError {
            error.rejectionReason.map(metrics.recordRejected)
            throw error.httpError(timeout: terms.timeout)
        }
    }

    private func redirect(to parameters: FaceParameters) -> HTTPResponse {
        HTTPResponse(
            status: .temporaryRedirect,
            headers: ["Location": parameters.canonicalURL, "Cache-Control": "no-store"]
        )
    }
}
