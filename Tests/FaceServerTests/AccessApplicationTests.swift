// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

/// Keys and signed URLs in the whole server, where caches and the rate limit meet them.
@Suite(.timeLimit(.minutes(2))) struct AccessApplicationTests {
    private static let signingKey = String(repeating: "01", count: 32)
    private let application: Application

    init() async throws {
        let entries = ["web", "app"].map { APIKey.entry(name: $0, key: "fsk_\($0)", scopes: [.faces]) }
        let configuration = try await ServerConfiguration.load(
            flags: [
                "access.keys": entries.joined(separator: ","), "access.signingKeys": Self.signingKey,
                "rateLimit.requestsPerSecond": "0.001", "rateLimit.burst": "2", "workers.count": "1", "http.port": "0",
            ],
            environment: [:])
        application = try buildApplication(
            configuration: configuration, logger: ProgramLog.standardError(level: .critical))
    }

    private func send(
        _ target: String, key: String? = nil, from host: String = "192.0.2.1"
    ) async throws -> HTTPResponse {
        try await application.handler.handle(
            HTTPRequest(
                target: target, headers: key.map { ["Authorization": "Bearer \($0)"] } ?? [:],
                remoteAddress: SocketAddress(host: host, port: 1)))
    }

    private func signed(_ target: String, expires: Int?) throws -> String {
        let signer = URLSigner(keys: [try #require(URLSigningKey(entry: Self.signingKey))])
        return try #require(signer.sign(target, expires: expires))
    }

    @Test func signatureChangesNeitherTheTagNorTheCache() async throws {
        let target = "/faces/42.png?truncation=0.7"
        let later = Int(Date().timeIntervalSince1970) + 3600
        let plain = try await send(target, key: "fsk_web")
        #expect(plain.status == .ok)
        #expect(plain.headers["Server-Timing"]?.hasPrefix("cache;desc=miss, queue;dur=") == true)
        for expires in [nil, later, later + 1] {
            let response = try await send(signed(target, expires: expires))
            #expect(response.status == .ok)
            #expect(response.body == plain.body)
            #expect(response.headers["ETag"] == plain.headers["ETag"])
            #expect(response.headers["Content-Location"] == nil, "the URL under the signature is canonical")
            #expect(response.headers["Server-Timing"] == "cache;desc=hit")
        }
        #expect(plain.headers["Cache-Control"] == "private, max-age=31536000, immutable")
    }

    @Test func keyIsOneClientFromWhereverItComes() async throws {
        #expect(try await send("/faces/1.png", key: "fsk_web", from: "192.0.2.1").status == .ok)
        #expect(try await send("/faces/2.png", key: "fsk_web", from: "192.0.2.2").status == .ok)
        #expect(try await send("/faces/3.png", key: "fsk_web", from: "192.0.2.3").status == .tooManyRequests)
        #expect(try await send("/faces/3.png", key: "fsk_app", from: "192.0.2.3").status == .ok)
    }

    @Test func whoIsNotLetInIsNotCharged() async throws {
        for _ in 0..<5 {
            #expect(try await send("/faces/1.png").status == .unauthorized)
        }
        #expect(try await send(signed("/faces/1.png", expires: nil)).status == .ok)
    }

    @Test func browserWithoutAKeyGetsThePageThatAsksForOne() async throws {
        func page(_ accept: String) async throws -> HTTPResponse {
            try await application.handler.handle(HTTPRequest(target: "/", headers: ["Accept": accept]))
        }
        let response = try await page("text/html,application/xhtml+xml,*/*;q=0.8")
        #expect(response.status == .unauthorized)
        #expect(response.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(response.headers["WWW-Authenticate"] == "Bearer realm=\"faceserver\"")
        #expect(response.headers["Cache-Control"] == "no-store")
        #expect(response.headers["Vary"] == "Accept")
        let html = String(decoding: response.body, as: UTF8.self)
        #expect(html.contains("This needs an API key"))
        #expect(!html.contains("{{"), "every placeholder is filled")
        let model = application.model.identity
        #expect(!html.contains(model.name) && !html.contains(model.sha256.prefix(12)))
        #expect(!html.contains("/faces/0.png"))
        let style = try #require(html.firstMatch(of: #/href="(/page/[^"]+css)"/#)).output.1
        #expect(try await send(String(style)).status == .ok, "what is the same for everyone is open")
        #expect(try await page("*/*").headers["Content-Type"] == "application/problem+json")
        let face = HTTPRequest(target: "/faces/1.png", headers: ["Accept": "text/html"])
        #expect(try await application.handler.handle(face).headers["Content-Type"] == "application/problem+json")
    }

    @Test func probesAreOpenAndTheRestIsNot() async throws {
        #expect(try await send("/healthz").status == .ok)
        #expect(try await send("/readyz").status == .ok)
        for target in ["/", "/status", "/metrics", "/face", "/models", "/nowhere"] {
            #expect(try await send(target).status == .unauthorized, "\(target)")
        }
    }
}
