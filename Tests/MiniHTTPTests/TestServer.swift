// SPDX-License-Identifier: Apache-2.0

import Logging
import MiniHTTP
import TestSupport

/// A handler made of a closure.
struct ClosureHandler: HTTPHandler {
    let body: @Sendable (HTTPRequest) async throws -> HTTPResponse

    func handle(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await body(request)
    }
}

enum TestServer {
    /// The smallest request.
    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    static let silentLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func make(
        _ configuration: HTTPServer.Configuration = .init(),
        onRefusal: @escaping @Sendable (HTTPRefusal) -> Void = { _ in },
        _ handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) -> HTTPServer {
        var configuration = configuration
        configuration.port = 0
        return HTTPServer(
            configuration: configuration, handler: ClosureHandler(body: handler), logger: silentLogger,
            onRefusal: onRefusal)
    }

    /// Starts a server on a free port of 127.0.0.1, runs `test` on a thread of its own, and shuts the server down.
    static func with(
        _ configuration: HTTPServer.Configuration = .init(),
        handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse,
        test: @escaping @Sendable (_ port: Int) throws -> Void
    ) async throws {
        let server = make(configuration, handler)
        let port = try await server.start().port
        do {
            try await onThread { try test(port) }
        } catch {
            await server.shutdownGracefully(within: .zero)
            throw error
        }
        await server.shutdownGracefully(within: .zero)
    }

    /// Answers with method, target and body.
    static let echo: @Sendable (HTTPRequest) async throws -> HTTPResponse = { request in
        .text("\(request.method) \(request.target) \(String(decoding: request.body, as: UTF8.self))")
    }

    /// A handler that returns when it is cancelled, and tells.
    static func waitForCancellation(started: AsyncGate, cancelled: AsyncGate) async -> HTTPResponse {
        started.open()
        let never = AsyncGate()
        await withTaskCancellationHandler {
            await never.wait()
        } onCancel: {
            never.open()
        }
        cancelled.open()
        return HTTPResponse()
    }
}
