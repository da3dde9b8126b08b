// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct CORSMiddlewareTests {
    private static let some = CORSPolicy(allowOrigins: ["https://a.example", "http://localhost:3000"])
    private static let all = CORSPolicy(allowOrigins: ["*"])

    private func send(
        _ policy: CORSPolicy, _ target: String = "/faces/1.png", method: HTTPMethod = .get, headers: HTTPHeaders
    ) async throws -> HTTPResponse {
        var router = Router(middleware: [CORSMiddleware(policy: policy)])
        router.get("/faces/{seed}.png") { _ in HTTPResponse() }
        router.get("/metrics") { _ in HTTPResponse() }
        return try await router.handle(HTTPRequest(method: method, target: target, headers: headers))
    }

    @Test(
        arguments: [
            (CORSPolicy(), "https://a.example", nil, nil, "off"),
            (all, "https://b.example", "*", nil, "all origins get the same answer"),
            (all, nil, nil, nil, "not a page's request"),
            (some, "https://a.example", "https://a.example", "Origin", "listed"),
            (some, "http://localhost:3000", "http://localhost:3000", "Origin", "listed with its port"),
            (some, "https://b.example", nil, "Origin", "not listed"),
            (some, "https://a.example.evil", nil, "Origin", "begins like one"),
            (some, "http://a.example", nil, "Origin", "another scheme"),
            (some, "null", nil, "Origin", "a sandbox"),
            (some, nil, nil, "Origin", "a cache must know that pages get another answer"),
        ] as [(CORSPolicy, String?, String?, String?, String)])
    func pageMayReadIfItsOriginMay(
        policy: CORSPolicy, origin: String?, allowed: String?, vary: String?, reason: String
    ) async throws {
        let response = try await send(policy, headers: origin.map { ["Origin": $0] } ?? [:])
        #expect(response.headers["Access-Control-Allow-Origin"] == allowed, "\(reason)")
        #expect(response.headers["Vary"] == vary, "\(reason)")
        #expect(response.headers["Timing-Allow-Origin"] == allowed)
        #expect(
            (response.headers["Access-Control-Expose-Headers"]?.contains("Server-Timing") ?? false) == (allowed != nil))
        #expect(!response.headers.contains("Access-Control-Allow-Credentials"))
    }

    @Test func errorsCanBeReadToo() async throws {
        let response = try await send(Self.all, "/nowhere", headers: ["Origin": "https://a.example"])
        #expect(response.status == .notFound)
        #expect(response.headers["Access-Control-Allow-Origin"] == "*")
    }

    @Test func metricsAreForNoPage() async throws {
        let response = try await send(Self.all, "/metrics", headers: ["Origin": "https://a.example"])
        #expect(!response.headers.contains("Access-Control-Allow-Origin"))
    }

    @Test func preflightIsAnswered() async throws {
        let headers: HTTPHeaders = [
            "Origin": "https://a.example", "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "authorization",
        ]
        let response = try await send(Self.some, method: .options, headers: headers)
        #expect(response.status == .noContent)
        #expect(response.headers["Access-Control-Allow-Origin"] == "https://a.example")
        #expect(response.headers["Access-Control-Allow-Methods"] == "GET, HEAD")
        #expect(response.headers["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
        #expect(response.headers["Access-Control-Max-Age"] == "86400")
        #expect(response.headers["Vary"] == "Origin")
    }

    @Test func preflightOfAStrangerIsAnOrdinaryOPTIONS() async throws {
        let headers: HTTPHeaders = ["Origin": "https://b.example", "Access-Control-Request-Method": "GET"]
        let response = try await send(Self.some, method: .options, headers: headers)
        #expect(response.headers["Allow"] == "GET, HEAD, OPTIONS")
        #expect(!response.headers.contains("Access-Control-Allow-Origin"))
        #expect(!response.headers.contains("Access-Control-Allow-Methods"))
    }

    @Test func preflightNeedsNoKey() async throws {
        let key = APIKey(entry: APIKey.entry(name: "web", key: "x", scopes: [.faces]))
        var router = Router(middleware: [
            CORSMiddleware(policy: Self.all),
            AccessMiddleware(policy: AccessPolicy(keys: [key].compactMap { $0 }), metrics: ServerMetrics()),
        ])
        router.get("/") { _ in HTTPResponse() }
        let headers: HTTPHeaders = ["Origin": "https://a.example", "Access-Control-Request-Method": "GET"]
        #expect(try await router.handle(HTTPRequest(method: .options, headers: headers)).status == .noContent)
        let refused = try await router.handle(HTTPRequest(headers: headers))
        #expect(refused.status == .unauthorized)
        #expect(refused.headers["Access-Control-Allow-Origin"] == "*", "or the page could not tell why")
    }

    @Test(arguments: [
        ("*", true), ("https://example.org", true), ("http://localhost:3000", true), ("http://[::1]:8080", true),
        ("https://a-b.example", true), ("null", false), ("https://example.org/", false),
        ("https://example.org/a", false),
        ("example.org", false), ("ftp://example.org", false), ("https://Example.org", false), ("https://", false),
        ("https://a b", false), ("https://*.example.org", false), ("https://-a", false),
    ])
    func originsAreAsBrowsersWriteThem(text: String, isOrigin: Bool) {
        #expect((CORSPolicy.origin(text) == text) == isOrigin, "\(text)")
    }
}
