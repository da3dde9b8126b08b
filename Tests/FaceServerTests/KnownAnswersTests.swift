// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import Synchronization
import TestSupport
import Testing

@testable import FaceServer

@Suite struct KnownAnswersTests {
    private static let target = "/faces/1.png?truncation=0.5"
    private let folder = TemporaryFolder()

    /// An application that has answered the target twice: from the network, and from memory.
    private func warmApplication(_ flags: [String: String] = [:], target: String = target) async throws -> Application {
        let application = try await folder.tinyApplication(flags)
        for _ in 0..<2 {
            try await application.send(target).expectOK()
        }
        return application
    }

    private func answer(
        _ application: Application, to target: String = target, method: HTTPMethod = .get, _ headers: HTTPHeaders = [:]
    ) -> HTTPResponse? {
        application.handler.answerAtOnce(HTTPRequest(method: method, target: target, headers: headers))
    }

    /// What does not depend on the single request.
    private func fixed(_ response: HTTPResponse) -> HTTPResponse {
        var response = response
        response.headers["X-Request-Id"] = nil
        return response
    }

    @Test(arguments: ["/faces/1.png?truncation=0.5", "/faces/1.png", "/avatars/a.webp", "/grids/1,2.png?size=8"])
    func answersAreThoseOfTheRoutes(target: String) async throws {
        let application = try await warmApplication(["cors.allowOrigins": "*"], target: target)
        let found = try await application.send(target)
        let tag = try #require(found.headers["ETag"])
        let notModified = try await application.send(target, ["If-None-Match": tag])
        for method in [HTTPMethod.get, .head] {
            #expect(answer(application, to: target, method: method).map(fixed) == fixed(found))
            for tags in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let answer = answer(application, to: target, method: method, ["If-None-Match": tags])
                #expect(answer.map(fixed) == fixed(notModified))
            }
            #expect(answer(application, to: target, method: method, ["If-None-Match": "\"other\""])?.status == .ok)
        }
    }

    @Test func nothingIsKnownOfWhatWasNotAsked() async throws {
        let application = try await folder.tinyApplication()
        #expect(answer(application) == nil)
        try await application.send(Self.target).expectOK()
        #expect(answer(application) == nil, "an answer that was computed tells how long it took")
        try await application.send(Self.target).expectOK()
        #expect(answer(application)?.status == .ok)
        #expect(answer(application, to: "/faces/1.png?truncation=0.50") == nil, "another spelling")
        let tag = try #require(answer(application)?.headers["ETag"])
        #expect(answer(application, ["If-None-Match": tag]) == nil, "a 304 has not been given yet")
    }

    @Test(arguments: [
        ("If-Match", "\"other\""), ("Origin", "https://example.org"), ("Request-Timeout", "soon"),
        ("Authorization", "Bearer x"),
    ])
    func fieldThatDecidesIsLeftToTheRoutes(name: String, value: String) async throws {
        let application = try await warmApplication()
        #expect(answer(application) != nil)
        #expect(answer(application, [name: value]) == nil)
        // Nor is anything learnt from such a request.
        let other = Self.target + "5"
        for _ in 0..<2 {
            _ = try await application.send(other, [name: value == "soon" ? "5" : name == "If-Match" ? "*" : value])
        }
        #expect(answer(application, to: other) == nil)
    }

    @Test(arguments: [
        ("/faces/1", HTTPMethod.get, "the Accept field decides"), ("/faces/1.json", .get, "not a picture"),
        ("/", .get, "not for ever"), (target, .options, "another method"), (target, .post, "another method"),
    ])
    func otherAnswersAreNotKnown(target: String, method: HTTPMethod, reason: String) async throws {
        let application = try await warmApplication(target: target)
        #expect(answer(application, to: target, method: method) == nil, "\(reason)")
    }

    @Test func whoAsksDecidesWhereAccessIsLimited() async throws {
        let key = String(repeating: "01", count: 32)
        let signer = URLSigner(keys: [try #require(URLSigningKey(entry: key))])
        for (flag, value, target) in [
            ("rateLimit.requestsPerSecond", "10", Self.target),
            ("access.signingKeys", key, try #require(signer.sign(Self.target, expires: nil))),
        ] {
            let application = try await warmApplication([flag: value], target: target)
            #expect(answer(application, to: target) == nil, "\(flag)")
        }
    }

    @Test func newModelMakesAllUnknown() async throws {
        let application = try await warmApplication()
        let former = try #require(answer(application)?.headers["ETag"])
        try TinyModel.write(variant: 2, to: folder.path + "/tiny.safetensors")
        #expect(await application.models.reload().replaced.count == 1)
        #expect(answer(application) == nil)
        #expect(answer(application, ["If-None-Match": former]) == nil)
        for _ in 0..<2 {
            try await application.send(Self.target).expectOK()
        }
        #expect(answer(application)?.headers["ETag"] != former)
    }

    @Test func pictureThatIsNoLongerInMemoryIsNotKnown() async throws {
        let application = try await warmApplication(["cache.maxBytes": "1000"])
        #expect(answer(application) != nil)
        for seed in 2..<8 {
            try await application.send("/faces/\(seed).png").expectOK()
        }
        #expect(answer(application) == nil)
    }

    @Test func requestIsCountedAndNamed() async throws {
        let application = try await warmApplication()
        #expect(answer(application)?.headers["X-Request-Id"]?.count == 32)
        #expect(answer(application, ["X-Request-Id": "abc"])?.headers.values(for: "X-Request-Id") == ["abc"])
        let series = application.metrics.requestDuration.values
        #expect(series.map(\.labels) == [["/faces/{seed}.png", "200"]])
        #expect(series.first?.series.counts.reduce(0, +) == 4)
        #expect(application.metrics.totals.inFlight.load(ordering: .relaxed) == 0)
        #expect(application.metrics.cacheHits.values.first?.count == 3)
    }

    @Test func requestIsLogged() async throws {
        let application = try await warmApplication()
        let entries = Mutex<[AccessLogEntry]>([])
        let contexts = Mutex<[String?]>([])
        let handler = try #require(application.handler as? ApplicationHandler)
        let logging = ApplicationHandler(
            router: handler.router, known: handler.known, metrics: handler.metrics
        ) { entry in
            entries.withLock { $0.append(entry) }
            contexts.withLock { $0.append(RequestContext.current?.requestID) }
        }
        var request = HTTPRequest(
            target: Self.target, headers: ["X-Request-Id": "abc"],
            remoteAddress: SocketAddress(host: "192.0.2.1", port: 1))
        let body = try #require(logging.answerAtOnce(request)?.body)
        request.method = .head
        _ = logging.answerAtOnce(request)
        let logged = entries.withLock { $0 }
        #expect(logged.map(\.method) == ["GET", "HEAD"])
        #expect(logged.map(\.bytes) == [body.count, 0])
        #expect(logged.allSatisfy { $0.status == 200 && $0.client == "192.0.2.1" && $0.path == "/faces/1.png" })
        #expect(logged.allSatisfy { $0.route == "/faces/{seed}.png" && $0.key == nil })
        #expect(contexts.withLock { $0 } == ["abc", "abc"])
    }

    @Test func loggerThatDropsEntriesIsGivenNone() {
        #expect(AccessLogEntry.writer(to: ProgramLog.standardError(level: .info)) != nil)
        #expect(AccessLogEntry.writer(to: ProgramLog.standardError(level: .notice)) == nil)
    }
}
