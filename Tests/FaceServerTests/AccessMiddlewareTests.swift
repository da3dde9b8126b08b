// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

@Suite struct AccessMiddlewareTests {
    private static let now = 1_700_000_000

    private static func key(_ name: String, _ scopes: [AccessScope]) -> APIKey? {
        APIKey(entry: APIKey.entry(name: name, key: "fsk_\(name)", scopes: scopes))
    }

    private static let keys = [
        key("web", [.faces]), key("prometheus", [.metrics]), key("ops", [.faces, .admin]),
    ].compactMap { $0 }
    private static let signingKeys = [URLSigningKey(entry: String(repeating: "01", count: 32))].compactMap { $0 }

    private let metrics = ServerMetrics()

    /// A server that echoes the target that its routes see.
    private func send(
        _ target: String, _ policy: AccessPolicy, method: HTTPMethod = .get, authorization: [String] = []
    ) async throws -> HTTPResponse {
        var router = Router(middleware: [
            RequestContextMiddleware(),
            AccessMiddleware(policy: policy, metrics: metrics, now: { Self.now }),
        ])
        let echo: Router.Endpoint = { request in
            let key = RequestContext.current?.keyName ?? "-"
            return .text(
                "\(request.target) \(request.path) \(request.query ?? "-") \(key)",
                headers: ["Cache-Control": "public, max-age=31536000, immutable"])
        }
        for route in ["/", "/faces/{seed}.png", "/metrics", "/healthz", "/readyz"] {
            router.get(route, echo)
        }
        router.post("/admin/reload", echo)
        var headers: HTTPHeaders = [:]
        for value in authorization {
            headers.add("Authorization", value)
        }
        return try await router.handle(HTTPRequest(method: method, target: target, headers: headers))
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var target = "/faces/1.png"
        var method = HTTPMethod.get
        var policy = AccessPolicy(keys: keys)
        var authorization: [String] = []
        let status: Int
        var challenge: String?
        let testDescription: String
    }

    private static let plain = "Bearer realm=\"faceserver\""

    @Test(arguments: [
        Row(policy: AccessPolicy(), status: 200, testDescription: "open server"),
        Row(target: "/metrics", policy: AccessPolicy(), status: 200, testDescription: "metrics of an open server"),
        Row(
            policy: AccessPolicy(), authorization: ["Bearer x"], status: 200, testDescription: "a key it has no use for"
        ),
        Row(
            target: "/admin/reload", method: .post, policy: AccessPolicy(), status: 403,
            testDescription: "administration is never open"),
        Row(target: "/healthz", status: 200, testDescription: "probe"),
        Row(target: "/%68ealthz", status: 200, testDescription: "probe in another spelling"),
        Row(target: "/readyz", status: 200, testDescription: "other probe"),
        Row(status: 401, challenge: plain, testDescription: "no key"),
        Row(target: "/", status: 401, challenge: plain, testDescription: "no key for the page"),
        Row(target: "/nowhere", status: 401, challenge: plain, testDescription: "what is not there does not show"),
        Row(target: "/nowhere", authorization: ["Bearer fsk_web"], status: 404, testDescription: "but to who may look"),
        Row(method: .post, status: 401, challenge: plain, testDescription: "no key and a wrong method"),
        Row(authorization: ["Bearer fsk_web"], status: 200, testDescription: "key"),
        Row(authorization: ["bearer   fsk_web"], status: 200, testDescription: "RFC 9110 section 11.1"),
        Row(
            authorization: ["Bearer fsk_other"], status: 401, challenge: plain + ", error=\"invalid_token\"",
            testDescription: "unknown key"),
        Row(authorization: ["Basic d2ViOnB3"], status: 401, challenge: plain, testDescription: "another scheme"),
        Row(
            authorization: ["Bearer"], status: 400, challenge: plain + ", error=\"invalid_request\"",
            testDescription: "a scheme alone"),
        Row(
            authorization: ["Bearer fsk_web", "Bearer fsk_web"], status: 400,
            challenge: plain + ", error=\"invalid_request\"", testDescription: "two fields"),
        Row(
            authorization: ["Bearer fsk_prometheus"], status: 403,
            challenge: plain + ", error=\"insufficient_scope\", scope=\"faces\"", testDescription: "lacks faces"),
        Row(
            target: "/metrics", authorization: ["Bearer fsk_web"], status: 403,
            challenge: plain + ", error=\"insufficient_scope\", scope=\"metrics\"", testDescription: "lacks metrics"),
        Row(target: "/metrics", authorization: ["Bearer fsk_prometheus"], status: 200, testDescription: "has metrics"),
        Row(target: "/metrics", status: 401, challenge: plain, testDescription: "metrics are guarded"),
        Row(
            target: "/metrics", policy: AccessPolicy(keys: keys, metricsAreOpen: true), status: 200,
            testDescription: "metrics that are open all the same"),
        Row(
            target: "/admin/reload", method: .post, authorization: ["Bearer fsk_web"], status: 403,
            challenge: plain + ", error=\"insufficient_scope\", scope=\"admin\"", testDescription: "lacks admin"),
        Row(
            target: "/%61dmin/reload", method: .post, authorization: ["Bearer fsk_web"], status: 403,
            challenge: plain + ", error=\"insufficient_scope\", scope=\"admin\"",
            testDescription: "lacks admin in any spelling"),
        Row(
            target: "/admin/reload", method: .post, authorization: ["Bearer fsk_ops"], status: 200,
            testDescription: "has admin"),
        Row(policy: AccessPolicy(signingKeys: signingKeys), status: 403, testDescription: "not signed"),
        Row(
            target: "/metrics", policy: AccessPolicy(signingKeys: signingKeys), status: 403,
            testDescription: "metrics where there is no key to have"),
        Row(
            target: "/faces/1.png?signature=AA", policy: AccessPolicy(signingKeys: signingKeys), status: 403,
            testDescription: "badly signed"),
        Row(
            target: "/faces/1.png?signature=AA", policy: AccessPolicy(keys: keys, signingKeys: signingKeys),
            authorization: ["Bearer fsk_web"], status: 403, testDescription: "a bad signature beside a good key"),
        Row(
            policy: AccessPolicy(keys: keys, signingKeys: signingKeys), authorization: ["Bearer fsk_web"], status: 200,
            testDescription: "a key instead of a signature"),
    ])
    func accessIsAsThePolicySays(row: Row) async throws {
        let response = try await send(
            row.target, row.policy, method: row.method, authorization: row.authorization)
        #expect(response.status.code == row.status)
        #expect(response.headers["WWW-Authenticate"] == row.challenge)
        let page = metrics.exposition(status: .init(), process: .init(), version: "", revision: "")
        let refused = [400, 401, 403].contains(row.status) ? 1 : 0
        #expect(page.contains("faceserver_rejected_total{reason=\"unauthorized\"} \(refused)\n"))
    }

    private func signed(_ target: String, expires: Int?) throws -> String {
        try #require(URLSigner(keys: Self.signingKeys).sign(target, expires: expires))
    }

    @Test func signatureIsGoneBeforeTheRouteSeesTheRequest() async throws {
        let policy = AccessPolicy(keys: Self.keys, signingKeys: Self.signingKeys)
        for (target, expires) in [("/faces/1.png?size=16", nil), ("/faces/1.png", Self.now + 60)] as [(String, Int?)] {
            let response = try await send(signed(target, expires: expires), policy)
            let query = target.contains("?") ? "size=16" : "-"
            #expect(String(decoding: response.body, as: UTF8.self) == "\(target) /faces/1.png \(query) -")
        }
    }

    @Test func signedURLIsForReadingFaces() async throws {
        let policy = AccessPolicy(keys: Self.keys, signingKeys: Self.signingKeys)
        #expect(try await send(signed("/faces/1.png", expires: nil), policy, method: .head).status == .ok)
        #expect(try await send(signed("/metrics", expires: nil), policy).status == .unauthorized)
        #expect(
            try await send(signed("/admin/reload", expires: nil), policy, method: .post).status == .unauthorized)
    }

    @Test func expiredURLIsGone() async throws {
        let policy = AccessPolicy(signingKeys: Self.signingKeys)
        let response = try await send(signed("/faces/1.png", expires: Self.now), policy)
        #expect(response.status == .gone)
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    @Test func sharedCachesDoNotKeepWhatIsForOne() async throws {
        let policy = AccessPolicy(keys: Self.keys, signingKeys: Self.signingKeys)
        func cacheControl(_ target: String, authorization: [String] = []) async throws -> String? {
            try await send(target, policy, authorization: authorization).headers["Cache-Control"]
        }
        #expect(
            try await cacheControl("/faces/1.png", authorization: ["Bearer fsk_web"])
                == "private, max-age=31536000, immutable")
        #expect(
            try await cacheControl(signed("/faces/1.png", expires: nil)) == "public, max-age=31536000, immutable")
        #expect(
            try await cacheControl(signed("/faces/1.png", expires: Self.now + 60)) == "public, max-age=60, immutable")
        #expect(try await cacheControl("/healthz") == "public, max-age=31536000, immutable")
    }

    @Test func keyIsKnownByItsName() async throws {
        let response = try await send("/", AccessPolicy(keys: Self.keys), authorization: ["Bearer fsk_ops"])
        #expect(String(decoding: response.body, as: UTF8.self) == "/ / - ops")
    }
}
