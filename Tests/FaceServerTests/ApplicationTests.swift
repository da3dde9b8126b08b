// SPDX-License-Identifier: Apache-2.0

import Foundation
import MiniHTTP
import Testing

@testable import FaceServer

/// The whole server but its sockets, with the model that comes with it.
@Suite(.timeLimit(.minutes(2))) struct ApplicationTests {
    /// Built once: loading the model is the slow part.
    private static let application = Result {
        try buildApplication(
            configuration: ServerConfiguration(
                http: HTTPServer.Configuration(port: 0), modelPath: nil, modelName: nil,
                defaultTruncation: FixedDecimal(millionths: 700_000), workerCount: 2, workerThreads: 1,
                serving: ServingConfiguration(
                    maxQueueDepth: 64, maxQueueDelay: .seconds(2), timeout: .seconds(30), maxTimeout: .seconds(120),
                    maxBatchSize: 4, maxCacheBytes: 1 << 20, cacheDirectory: nil, maxDiskCacheBytes: 1 << 20),
                logLevel: .critical, shutdownGrace: .seconds(1)
            ),
            logger: ProgramLog.standardError(level: .critical)
        )
    }

    private func send(
        _ target: String, method: HTTPMethod = .get, headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        let request = HTTPRequest(method: method, target: target, headers: headers)
        return try await Self.application.get().handler.handle(request)
    }

    @Test func faceIsACacheablePNG() async throws {
        let response = try await send("/faces/42.png?truncation=0.7")
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == "image/png")
        #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable")
        #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        #expect(response.headers["Content-Location"] == nil, "the URL is canonical")
        #expect(PNGChunks(response.body).size == [64, 64])
    }

    @Test func sameFaceHasTheSameBytes() async throws {
        let first = try await send("/faces/7.png?truncation=0.5")
        let again = try await send("/faces/7.png?truncation=0.5")
        #expect(first.body == again.body)
        let other = try await send("/faces/8.png?truncation=0.5")
        #expect(first.body != other.body)
    }

    @Test func facesAreTheSameWhateverElseIsComputed() async throws {
        let targets = (0..<6).map { "/faces/\($0).png?truncation=1" }
        let together = try await withThrowingTaskGroup { group in
            for target in targets {
                group.addTask { (target, try await send(target).body) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for target in targets {
            #expect(try await send(target).body == together[target], "\(target)")
        }
    }

    @Test(arguments: [
        "/face?seed=42", "/face?truncation=0.70&seed=42", "/faces/42.png", "/faces/0042.png?truncation=0.7",
        "/faces/42.png?truncation=0.7&noise=const&size=64", "/faces/%34%32.png",
    ])
    func otherURLOfAFaceNamesTheCanonicalOne(target: String) async throws {
        let canonical = try await send("/faces/42.png?truncation=0.7")
        let response = try await send(target)
        #expect(response.status == .ok)
        #expect(response.body == canonical.body)
        #expect(response.headers["ETag"] == canonical.headers["ETag"])
        #expect(response.headers["Content-Location"] == "/faces/42.png?truncation=0.7")
    }

    @Test func answerCarriesTheRequestsIdentifier() async throws {
        #expect(try await send("/healthz", headers: ["X-Request-Id": "abc-1"]).headers["X-Request-Id"] == "abc-1")
        #expect(try await send("/nowhere").headers["X-Request-Id"]?.count == 32)
    }

    @Test func sizeIsInPixels() async throws {
        #expect(PNGChunks(try await send("/faces/1.png?size=16").body).size == [16, 16])
        #expect(PNGChunks(try await send("/faces/1.png?size=128").body).size == [128, 128])
    }

    @Test func pictureTellsWhatItIs() async throws {
        let model = try Self.application.get().model.identity
        let texts = PNGChunks(try await send("/faces/42.png?noise=none").body).texts
        #expect(
            texts == [
                "Software=FaceServer", "Seed=42", "Truncation=0.7", "Model=\(model.name)",
                "Model-SHA256=\(model.sha256)", "Noise=none",
            ])
    }

    @Test func knownTagCostsNoComputation() async throws {
        // A seed that no other test asks for, so the picture cannot have been made before.
        let model = try Self.application.get().model
        let face = FaceParameters(seed: 987_654, truncation: FixedDecimal(millionths: 700_000))
        let tag = FaceKey(model: model.identity, parameters: face).entityTag
        for field in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let response = try await send("/faces/987654.png", headers: ["If-None-Match": field])
            #expect(response.status == .notModified, "\(field)")
            #expect(response.headers["ETag"] == tag)
            #expect(response.headers["Cache-Control"] == "public, max-age=31536000, immutable")
            #expect(response.body.isEmpty)
        }
        #expect(try await send("/faces/987654.png").headers["ETag"] == tag)
    }

    @Test func otherTagGetsThePicture() async throws {
        let response = try await send("/faces/1.png", headers: ["If-None-Match": "\"other\""])
        #expect(response.status == .ok)
    }

    @Test func faceWithoutSeedRedirectsToARandomOne() async throws {
        let response = try await send("/face?noise=none&truncation=1.0")
        #expect(response.status == .temporaryRedirect)
        #expect(response.headers["Cache-Control"] == "no-store")
        let location = try #require(response.headers["Location"])
        #expect(location.hasPrefix("/faces/"))
        #expect(location.hasSuffix(".png?truncation=1&noise=none"))
        #expect(try await send("/face").headers["Location"] != location)
    }

    @Test(arguments: [
        ("/faces/x.png", "seed", "not a number"),
        ("/faces/.png", "seed", "no seed"),
        ("/faces/-1.png", "seed", "negative"),
        ("/faces/4294967296.png", "seed", "too large"),
        ("/faces/1.png?seed=2", "seed", "in path and query"),
        ("/face?seed=", "seed", "named without a value"),
        ("/face?seed=1&seed=1", "seed", "twice"),
        ("/face?truncation=nan", "truncation", "checked before the redirect"),
        ("/faces/1.png?truncation=+0.5", "truncation", "a plus is a space in a query"),
        ("/faces/1.png?size=1000000", "size", "would fill the memory"),
        ("/faces/1.png?class=0", "class", "an unconditional model"),
        ("/faces/1.png?trucnation=0.7", "trucnation", "unknown"),
        ("/?seed=1", "seed", "the page takes no parameters"),
        ("/healthz?x=1", "x", "nor does a probe"),
        ("/readyz?x", "x", "nor the other"),
        ("/status?x=1", "x", "nor what its strip shows"),
    ])
    func badParameterIsAProblem(target: String, parameter: String, reason: String) async throws {
        let response = try await send(target)
        #expect(response.status == .badRequest, "\(reason)")
        #expect(response.headers["Content-Type"] == "application/problem+json")
        let problem = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        #expect(problem?["parameter"] as? String == parameter, "\(reason)")
        #expect(problem?["allowed"] is String, "\(reason)")
    }

    @Test func problemHasItsPartsAsMembers() async throws {
        let response = try await send("/faces/1.png?truncation=3")
        #expect(
            String(decoding: response.body, as: UTF8.self) == """
                {"type":"about:blank","title":"Bad Request","status":400,\
                "detail":"Parameter 'truncation' is '3', which is out of range: \
                expected a decimal number from -2 to 2, such as 0.7.",\
                "parameter":"truncation","value":"3","allowed":"a decimal number from -2 to 2, such as 0.7"}
                """)
    }

    @Test func elsewhereIsNothing() async throws {
        #expect(try await send("/faces/1.gif").status == .notFound)
        #expect(try await send("/faces").status == .methodNotAllowed)
        #expect(try await send("/faces/1.png", method: .post).status == .methodNotAllowed)
    }

    @Test func probesAnswer() async throws {
        for target in ["/healthz", "/readyz"] {
            let response = try await send(target)
            #expect(response.status == .ok)
            #expect(response.headers["Cache-Control"] == "no-store")
        }
    }

    @Test func metricsAreForPrometheus() async throws {
        _ = try await send("/faces/1.png")
        let response = try await send("/metrics")
        #expect(response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response.headers["Cache-Control"] == "no-store")
        let text = String(decoding: response.body, as: UTF8.self)
        #expect(text.contains("\nfaceserver_workers 2\n"))
        #expect(text.contains(#"_count{route="/faces/{seed}.png",status="200"}"#))
        #expect(text.contains(#"faceserver_build_info{version="\#(BuildInformation.version)",revision=""#))
    }

    @Test func pageShowsTheWallAndTheCurlLine() async throws {
        let response = try await send("/", headers: ["Host": "faces.example:8443"])
        let html = String(decoding: response.body, as: UTF8.self)
        #expect(response.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none';") == true)
        #expect(html.contains("curl -o face.png 'http://faces.example:8443/faces/42.png?truncation=0.7'"))
        #expect(html.contains("src=\"/faces/59.png?truncation=0.7&amp;size=128\" loading=\"lazy\""))
        #expect(html.contains("href=\"/face\""))
        #expect(!html.contains("{{"), "every placeholder is filled")
    }

    @Test func hostileHostStaysOutOfThePage() async throws {
        let html = String(decoding: try await send("/", headers: ["Host": "x'><script>"]).body, as: UTF8.self)
        #expect(!html.contains("<script>"))
        #expect(html.contains("'http://127.0.0.1:"))
    }

    @Test func fullQueueIsAProblemWithRetryAfter() async throws {
        let response = DynamicBatcherError.queueFull(retryAfter: .seconds(7)).httpError(timeout: .seconds(1)).response()
        #expect(response.status == .serviceUnavailable)
        #expect(response.headers["Retry-After"] == "7")
    }

    @Test func drainingServerIsNotReadyButAlive() async throws {
        let readiness = Readiness()
        var router = Router()
        HealthRoutes(readiness: readiness).add(to: &router)
        readiness.beginDraining()
        #expect(try await router.handle(HTTPRequest(target: "/readyz")).status == .serviceUnavailable)
        #expect(try await router.handle(HTTPRequest(target: "/healthz")).status == .ok)
    }
}
