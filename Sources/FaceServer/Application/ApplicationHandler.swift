// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// Answers at once what is known, and has the router answer the rest.
struct ApplicationHandler: HTTPHandler {
    let router: Router
    /// nil where nothing may be known.
    let known: KnownAnswers?
    let metrics: ServerMetrics
    /// Takes the access log; nil where none is kept.
    let log: (@Sendable (AccessLogEntry) -> Void)?

    func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await router.handle(request)
    }

    /// Counts and logs as the middleware does.
    func answerAtOnce(_ request: HTTPRequest) -> HTTPResponse? {
        guard let known else { return nil }
        let began = ContinuousClock.now
        guard case (var response, let route)? = known.answer(request) else { return nil }
        let duration = ContinuousClock.now - began
        metrics.requestBegan()
        metrics.requestEnded(route: route, status: response.status.code, duration: duration)
        let requestID: String
        if let log {
            let context = RequestContext(of: request, makeID: RequestID.next)
            requestID = context.requestID
            let entry = AccessLogEntry(
                method: request.method.rawValue, route: route, path: request.path, status: response.status.code,
                bytes: request.method == .head ? 0 : response.body.count, duration: duration, client: context.address)
            RequestContext.$current.withValue(context) { log(entry) }
        } else {
            requestID = RequestID.given(with: request) ?? RequestID.next()
        }
        response.headers.add(RequestID.field, requestID)
        return response
    }
}
