// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Answers again what was asked before, at once: a client that has the picture with 304, and others with the picture if it is
/// in memory. Routes, parameters and digests are what most of such an answer's time would go to.
///
/// What is known is what the routes and the middleware have answered, so it says what they say. An answer may be known where
/// its URL alone decides it: it is `immutable`, has no `Vary`, and no field of the request had a part in it but
/// `If-None-Match`. It is forgotten when the models are loaded anew. For servers that are open to everyone and have no rate
/// limit; elsewhere who asks has a part in every answer.
///
/// Runs within `RequestContextMiddleware`, so that identifiers of requests are not part of what is known.
final class KnownAnswers: Middleware {
    /// Fields of a request that have a part in the answer of a picture's URL, but for `If-None-Match`.
    static let decidingFields = ["If-Match", "Origin", "Request-Timeout", "Authorization"]
    /// The key's and the fields' text, roughly.
    private static let entryBytes = 2048

    private let models: ModelRegistry
    private let pictures: FaceStore
    private let answers: LRUCache<String, KnownAnswer>

    init(models: ModelRegistry, pictures: FaceStore, maxBytes: Int = 4 << 20) {
        self.models = models
        self.pictures = pictures
        answers = LRUCache(maxBytes: maxBytes, cost: { _ in Self.entryBytes })
    }

    /// Learns from the answer.
    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        // Before: what old models answer while new ones are loaded is not known of the new ones.
        let generation = models.generation
        let response = try await next.handle(request)
        learn(request, response, generation)
        return response
    }

    /// The answer, without the request's identifier, and its route; nil where it is not known.
    func answer(_ request: HTTPRequest) -> (response: HTTPResponse, route: String?)? {
        guard Self.isDecidedByTarget(request), let known = answers.value(for: request.target),
            known.generation == models.generation
        else { return nil }
        let tags = request.headers.values(for: "If-None-Match")
        if EntityTag.matches(ifNoneMatch: tags, etag: known.entityTag) {
            return known.notModified.map { (HTTPResponse(status: .notModified, headers: $0), known.route) }
        }
        guard let headers = known.found, let picture = pictures.memory.value(for: known.key) else { return nil }
        pictures.metrics.recordCacheHit(.memory)
        return (HTTPResponse(headers: headers, body: picture.file), known.route)
    }

    private func learn(_ request: HTTPRequest, _ response: HTTPResponse, _ generation: Int) {
        guard Self.isDecidedByTarget(request), request.target.utf8.count <= Self.entryBytes / 4,
            response.headers["Cache-Control"] == CacheControl.forever, !response.headers.contains("Vary"),
            let tag = response.headers["ETag"], let key = FaceKey(entityTag: tag)
        else { return }
        let former = answers.value(for: request.target).flatMap { $0.generation == generation ? $0 : nil }
        var (notModified, found) = (former?.notModified, former?.found)
        switch response.status {
        case .notModified where notModified == nil:
            notModified = response.headers.rendered()
        case .ok where found == nil && isInMemory(response, key):
            found = response.headers.rendered()
        default: return
        }
        let known = KnownAnswer(
            generation: generation, route: request.routePattern, key: key, entityTag: tag, notModified: notModified,
            found: found)
        answers.insert(known, for: request.target)
    }

    /// Whether it is the picture of the key, and tells nothing of how it was made for this request.
    private func isInMemory(_ response: HTTPResponse, _ key: FaceKey) -> Bool {
        response.headers["Server-Timing"] == FaceTiming(cache: .hit).fieldValue && response.stream == nil
            && pictures.memory.value(for: key)?.file == response.body
    }

    private static func isDecidedByTarget(_ request: HTTPRequest) -> Bool {
        (request.method == .get || request.method == .head) && !decidingFields.contains(where: request.headers.contains)
    }
}
