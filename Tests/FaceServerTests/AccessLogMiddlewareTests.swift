// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import Testing

@testable import FaceServer

@Suite struct AccessLogMiddlewareTests {
    private struct Failure: Error {}

    private struct Endpoint: HTTPHandler {
        let answer: @Sendable () throws -> HTTPResponse

        func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
            try answer()
        }
    }

    /// The entry that one request leaves, on a clock that moves by 12 ms at each look.
    private func entry(
        method: HTTPMethod = .get, _ answer: @escaping @Sendable () throws -> HTTPResponse
    ) async -> AccessLogEntry? {
        let entries = Mutex<[AccessLogEntry]>([])
        let instant = Mutex(ContinuousClock.now)
        let middleware = AccessLogMiddleware(
            write: { entry in entries.withLock { $0.append(entry) } },
            now: {
                instant.withLock { instant in
                    instant += .milliseconds(12)
                    return instant
                }
            }
        )
        let request = HTTPRequest(
            method: method, target: "/faces/1.png?size=32", remoteAddress: SocketAddress(host: "192.0.2.7", port: 9))
        await send(request, through: middleware, to: Endpoint(answer: answer))
        return entries.withLock { $0.count == 1 ? $0[0] : nil }
    }

    /// As a connection does: runs the body's stream, if one is sent, and keeps nothing.
    private func send(_ request: HTTPRequest, through middleware: AccessLogMiddleware, to endpoint: Endpoint) async {
        guard let response = try? await middleware.handle(request, next: endpoint), request.method != .head else {
            return
        }
        try? await response.stream?.run { _ in }
    }

    @Test func answerIsLoggedWithoutItsQuery() async {
        let entry = await entry { HTTPResponse(status: .notFound, body: [1, 2, 3]) }
        #expect(
            entry
                == AccessLogEntry(
                    method: "GET", path: "/faces/1.png", status: 404, bytes: 3, duration: .milliseconds(12),
                    client: "192.0.2.7"))
    }

    @Test func bodyThatIsNotSentIsNotCounted() async {
        #expect(await entry(method: .head) { HTTPResponse(body: [1, 2, 3]) }?.bytes == 0)
    }

    @Test func streamIsLoggedOnceItIsOver() async throws {
        let whole = HTTPBodyStream { send in
            try await send([1, 2])
            try await send([3])
        }
        let expected = AccessLogEntry(
            method: "GET", path: "/faces/1.png", status: 200, bytes: 3, duration: .milliseconds(12),
            client: "192.0.2.7")
        #expect(await entry { HTTPResponse(stream: whole) } == expected)
        let failing = HTTPBodyStream { send in
            try await send([1, 2])
            throw Failure()
        }
        let failed = try #require(await entry { HTTPResponse(stream: failing) })
        #expect((failed.status, failed.bytes) == (500, 2))
        let cancelled = HTTPBodyStream { _ in throw CancellationError() }
        #expect(await entry { HTTPResponse(stream: cancelled) }?.status == 499)
        // Nobody runs it.
        #expect(await entry(method: .head) { HTTPResponse(stream: whole) }?.status == 200)
    }

    @Test func keyAndRouteAreLogged() async throws {
        let entries = Mutex<[AccessLogEntry]>([])
        var router = Router(middleware: [
            RequestContextMiddleware(),
            AccessLogMiddleware { entry in entries.withLock { $0.append(entry) } },
        ])
        router.get("/a/{b}") { _ in
            RequestContext.current?.keyName = "web"
            return HTTPResponse()
        }
        _ = try await router.handle(HTTPRequest(target: "/a/1"))
        let entry = try #require(entries.withLock { $0.first })
        #expect(entry.route == "/a/{b}")
        #expect(entry.key == "web")
    }

    @Test func failureIsLogged() async {
        #expect(await entry { throw Failure() }?.status == 500)
    }

    @Test func departedClientIsNotAFailure() async {
        #expect(await entry { throw CancellationError() }?.status == 499)
    }
}
