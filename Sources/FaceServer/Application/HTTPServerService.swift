// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import ServiceLifecycle

/// Runs the HTTP server in a service group, so that MiniHTTP need not know of one.
struct HTTPServerService: Service {
    let server: HTTPServer
    let readiness: Readiness
    /// How long requests in progress may take after shutdown has begun.
    let grace: Duration
    let announce: @Sendable (SocketAddress) -> Void
    /// Ends what requests depend on, once no request can come any more.
    let afterConnections: @Sendable () async -> Void

    func run() async throws {
        announce(try await server.start())
        // Throws only when the task is cancelled, which is the other way to be told to stop.
        try? await gracefulShutdown()
        readiness.beginDraining()
        let impatience = ImpatientSignals()
        defer { withExtendedLifetime(impatience) {} }
        await server.shutdownGracefully(within: grace)
        await afterConnections()
    }
}
