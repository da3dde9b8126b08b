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
    private let batcher: DynamicBatcher<FaceRenderer>
    private let faces: ParameterParser
    private let seedlessFaces: ParameterParser
    private let randomSeed: @Sendable () -> UInt32

    init(
        model: ServedModel,
        traits: ModelTraits,
        batcher: DynamicBatcher<FaceRenderer>,
        randomSeed: @escaping @Sendable () -> UInt32 = { UInt32.random(in: 0...UInt32.max) }
    ) {
        self.model = model
        self.traits = traits
        self.batcher = batcher
        self.randomSeed = randomSeed
        let declarations = FaceParameters.declarations(for: traits)
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
            return try await face(FaceParameters(values, model: traits), request)
        }
        router.get("/face") { request in
            let values = try seedlessFaces.parse(request)
            var parameters = FaceParameters(values, model: traits)
            guard values["seed"] != nil else {
                parameters.seed = randomSeed()
                return redirect(to: parameters)
            }
            return try await face(parameters, request)
        }
    }

    private func face(_ parameters: FaceParameters, _ request: HTTPRequest) async throws -> HTTPResponse {
        let etag = FaceKey(model: model.identity, parameters: parameters).entityTag
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
            let png = try await batcher.submit(parameters)
            return HTTPResponse(status: .ok, headers: headers, body: png)
        } catch let error as DynamicBatcherError {
            throw error.httpError
        }
    }

    private func redirect(to parameters: FaceParameters) -> HTTPResponse {
        HTTPResponse(
            status: .temporaryRedirect,
            headers: ["Location": parameters.canonicalURL, "Cache-Control": "no-store"]
        )
    }
}
