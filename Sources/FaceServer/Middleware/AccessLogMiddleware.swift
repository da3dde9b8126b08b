// SPDX-License-Identifier: Apache-2.0

import MiniHTTP

/// One log entry for each request that reached the router. `AccessLogEntry.init(_: HTTPRefusal)` is for the others.
struct AccessLogMiddleware: Middleware {
    /// nginx's number for a client that did not wait for the answer. Nobody is sent it.
    static let clientClosedRequest = 499

    let write: @Sendable (AccessLogEntry) -> Void
    /// The clock that durations are measured with.
    var now: @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }

    func handle(_ request: HTTPRequest, next: any HTTPHandler) async throws -> HTTPResponse {
        let began = now()
        let context = RequestContext.current
        var entry = AccessLogEntry(
            method: request.method.rawValue, route: request.routePattern, path: request.path,
            client: context?.address ?? RequestContext.address(of: request))
        var response: HTTPResponse
        do {
            response = try await next.handle(request)
            entry.status = response.status.code
        } catch {
            if error is CancellationError { entry.status = Self.clientClosedRequest }
            write(entry, began, context)
            throw error
        }
        if request.method != .head, let stream = response.stream {
            response.stream = stream.onEnd { [entry] bytes, outcome in
                var entry = entry
                entry.bytes = bytes
                entry.status = Self.status(of: outcome) ?? entry.status
                // The stream runs in a task of its own.
                RequestContext.$current.withValue(context) { write(entry, began, context) }
            }
        } else {
            entry.bytes = request.method == .head ? 0 : response.body.count
            write(entry, began, context)
        }
        return response
    }

    /// What takes the place of the status where the body did not get to its end.
    static func status(of outcome: HTTPBodyStream.Outcome) -> Int? {
        switch outcome {
        case .complete: nil
        case .failed: 500
        case .abandoned: clientClosedRequest
        }
    }

    private func write(_ entry: AccessLogEntry, _ began: ContinuousClock.Instant, _ context: RequestContext?) {
        var entry = entry
        entry.duration = now() - began
        entry.key = context?.keyName
        write(entry)
    }
}
