// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct MetricsMiddlewareTests {
    private struct Failure: Error {}

    /// The page after one request to `/a/{b}`.
    private func page(_ target: String, _ answer: @escaping Router.Endpoint) async -> String {
        let metrics = ServerMetrics()
        var router = Router(middleware: [MetricsMiddleware(metrics: metrics)])
        router.get("/a/{b}") { request in
            let during = metrics.exposition(status: .init(), process: .init(), version: "", revision: "")
            #expect(during.contains("\nfaceserver_requests_in_flight 1\n"))
            return try await answer(request)
        }
        // As a connection does with a body that is made while it is sent.
        try? await router.handle(HTTPRequest(target: target)).stream?.run { _ in
            let during = metrics.exposition(status: .init(), process: .init(), version: "", revision: "")
            #expect(during.contains("\nfaceserver_requests_in_flight 1\n"))
        }
        return metrics.exposition(status: .init(), process: .init(), version: "", revision: "")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var target = "/a/1"
        var answer: Router.Endpoint = { _ in HTTPResponse() }
        var route = "/a/{b}"
        let status: Int
        let testDescription: String
    }

    @Test(arguments: [
        Row(target: "/a/1?x=2", status: 200, testDescription: "an answer"),
        Row(answer: { _ in throw HTTPError(.badRequest, detail: "") }, status: 400, testDescription: "a problem"),
        Row(answer: { _ in throw Failure() }, status: 500, testDescription: "a failure"),
        Row(answer: { _ in throw CancellationError() }, status: 499, testDescription: "a client that left"),
        Row(
            answer: { _ in HTTPResponse(stream: HTTPBodyStream { try await $0([1]) }) }, status: 200,
            testDescription: "a stream"),
        Row(
            answer: { _ in HTTPResponse(stream: HTTPBodyStream { _ in throw Failure() }) }, status: 500,
            testDescription: "a stream that fails"),
        Row(target: "/nowhere", route: "none", status: 404, testDescription: "raw paths are no labels"),
    ])
    func requestIsCountedByRouteAndStatus(row: Row) async {
        let page = await page(row.target, row.answer)
        let series = "route=\"\(row.route)\",status=\"\(row.status)\""
        #expect(page.contains("\nfaceserver_request_duration_seconds_count{\(series)} 1\n"))
        #expect(page.contains("\nfaceserver_requests_in_flight 0\n"))
    }
}
