// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct SecurityHeadersMiddlewareTests {
    private func headers(_ middleware: SecurityHeadersMiddleware) async throws -> HTTPHeaders {
        try await Router(middleware: [middleware]).handle(HTTPRequest(target: "/nowhere")).headers
    }

    @Test func everyAnswerHasThem() async throws {
        let headers = try await headers(SecurityHeadersMiddleware())
        #expect(headers["X-Content-Type-Options"] == "nosniff")
        #expect(headers["Cross-Origin-Resource-Policy"] == "cross-origin")
        #expect(headers["Referrer-Policy"] == "no-referrer")
        #expect(headers["X-Robots-Tag"] == nil)
    }

    @Test func configurationDecides() async throws {
        let configuration = try await ServerConfiguration.load(
            flags: ["headers.resourcePolicy": "same-origin", "headers.robots": "noindex, nofollow"], environment: [:])
        let headers = try await headers(configuration.access.headers)
        #expect(headers["Cross-Origin-Resource-Policy"] == "same-origin")
        #expect(headers["X-Robots-Tag"] == "noindex, nofollow")
    }

    @Test(arguments: [
        ("noindex", true), ("googlebot: noindex, max-image-preview:none", true), ("", true),
        ("a\r\nSet-Cookie: b", false),
        ("ä", false), (String(repeating: "a", count: 257), false),
    ])
    func robotsTagIsAFieldValue(text: String, isTag: Bool) {
        #expect(SecurityHeadersMiddleware.isRobotsTag(text) == isTag)
    }
}
