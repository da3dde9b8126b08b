// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP
import Synchronization
import Testing

@testable import FaceServer

@Suite struct FailureMiddlewareTests {
    private struct Failure: Error {}

    private func answer(
        _ lines: @escaping @Sendable (String) -> Void, _ endpoint: @escaping Router.Endpoint
    ) async throws -> HTTPResponse {
        let logger = Logger(label: "x") { _ in LineLogHandler(format: .text, write: lines) }
        var router = Router(middleware: [FailureMiddleware(logger: logger)])
        router.get("/", endpoint)
        return try await router.handle(HTTPRequest())
    }

    @Test func failureTellsTheLogAndNotTheClient() async throws {
        let lines = Mutex<[String]>([])
        let response = try await answer({ line in lines.withLock { $0.append(line) } }) { _ in throw Failure() }
        #expect(response.status == .internalServerError)
        #expect(!String(decoding: response.body, as: UTF8.self).contains("Failure"))
        let logged = lines.withLock { $0 }
        #expect(logged.count == 1)
        #expect(logged.first?.contains("error a request failed error=Failure() method=GET path=/\n") == true)
    }

    @Test func departureIsNoFailure() async {
        let lines = Mutex(0)
        let task = Task {
            try await answer({ _ in lines.withLock { $0 += 1 } }) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
                try Task.checkCancellation()
                return HTTPResponse()
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(lines.withLock { $0 } == 0)
    }

    @Test func problemPasses() async throws {
        let response = try await answer({ _ in }) { _ in throw HTTPError(.badRequest, detail: "") }
        #expect(response.status == .badRequest)
    }
}
