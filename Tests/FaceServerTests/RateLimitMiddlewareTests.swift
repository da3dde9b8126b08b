// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

/// The rate limit in the whole server: what costs a token and what does not.
@Suite(.timeLimit(.minutes(2))) struct RateLimitMiddlewareTests {
    private static let client = SocketAddress(host: "192.0.2.1", port: 1)

    /// Three faces, and then one in a thousand seconds.
    private func application() async throws -> Application {
        let configuration = try await ServerConfiguration.load(
            flags: [
                "rateLimit.requestsPerSecond": "0.001", "rateLimit.burst": "3", "http.port": "0", "workers.count": "1",
            ],
            environment: [:])
        return try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
    }

    @Test func onlyNewFacesCost() async throws {
        let application = try await application()
        func send(
            _ target: String, _ headers: HTTPHeaders = [:], from address: SocketAddress = Self.client
        ) async throws -> HTTPResponse {
            try await application.handler.handle(
                HTTPRequest(target: target, headers: headers, remoteAddress: address))
        }

        let first = try await send("/faces/1.png")
        #expect(first.status == .ok)
        #expect(first.headers["RateLimit-Policy"] == "\"client\";q=3;w=3000")
        #expect(first.headers["RateLimit"]?.hasPrefix("\"client\";r=2;t=") == true)
        for _ in 0..<5 {
            let cached = try await send("/faces/1.png")
            #expect(cached.status == .ok)
            #expect(cached.headers["RateLimit"]?.hasPrefix("\"client\";r=2;") == true, "cached")
        }
        let tag = try #require(first.headers["ETag"])
        let unchanged = try await send("/faces/1.png", ["If-None-Match": tag])
        #expect(unchanged.status == .notModified)
        #expect(unchanged.headers["RateLimit"]?.hasPrefix("\"client\";r=2;") == true, "not modified")
        #expect(
            try await send("/faces/x.png").headers["RateLimit"]?.hasPrefix("\"client\";r=2;") == true, "bad request")
        #expect(try await send("/face").headers["RateLimit"] == nil, "redirect")
        #expect(try await send("/healthz").headers["RateLimit"] == nil, "probe")

        #expect(try await send("/faces/2.png").headers["RateLimit"]?.hasPrefix("\"client\";r=1;") == true)
        #expect(try await send("/faces/3.png").headers["RateLimit"]?.hasPrefix("\"client\";r=0;") == true)
        let refused = try await send("/faces/4.png")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["RateLimit"]?.hasPrefix("\"client\";r=0;") == true)
        #expect(refused.headers["Retry-After"].flatMap { Int($0) }.map { (1...1000).contains($0) } == true)

        #expect(try await send("/faces/1.png").status == .ok, "a cached face is still served")
        #expect(try await send("/faces/4.png", ["If-None-Match": "*"]).status == .notModified, "and a known one")
        let other = SocketAddress(host: "192.0.2.2", port: 1)
        #expect(try await send("/faces/4.png", from: other).status == .ok, "others are not touched")
        let page = String(decoding: try await send("/metrics").body, as: UTF8.self)
        #expect(page.contains("\nfaceserver_rejected_total{reason=\"rate_limited\"} 1\n"))
    }
}
