// SPDX-License-Identifier: Apache-2.0

import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// The routes with a model of several classes.
@Suite(.timeLimit(.minutes(2))) struct ConditionalModelTests {
    private let application: Application

    init() async throws {
        let path = try GoldenArchive.path("ada-c-cond-32/network.pkl")
        application = try buildApplication(
            configuration: try await ServerConfiguration.load(flags: ["model.path": path], environment: [:]),
            logger: ProgramLog.standardError(level: .critical)
        )
    }

    private func send(_ target: String) async throws -> HTTPResponse {
        try await application.handler.handle(HTTPRequest(target: target))
    }

    @Test func classIsRequired() async throws {
        for target in ["/faces/1.png", "/face?seed=1", "/face"] {
            let response = try await send(target)
            #expect(response.status == .badRequest)
            #expect(String(decoding: response.body, as: UTF8.self).contains("\"parameter\":\"class\""), "\(target)")
        }
    }

    @Test func classesAreDifferentFaces() async throws {
        let first = try await send("/faces/1.png?class=0")
        let second = try await send("/faces/1.png?class=1")
        #expect(first.status == .ok)
        #expect(first.body != second.body)
        #expect(first.headers["ETag"] != second.headers["ETag"])
        #expect(first.headers["Content-Location"] == "/faces/1.png?truncation=0.7&class=0")
        #expect(PNGChunks(second.body).texts.contains("Class=1"))
    }

    @Test func classOutOfRangeIsAProblem() async throws {
        let classes = application.model.generator.configuration.cDim
        #expect(try await send("/faces/1.png?class=\(classes - 1)").status == .ok)
        #expect(try await send("/faces/1.png?class=\(classes)").status == .badRequest)
    }

    @Test func pageLinksWorkForItsClasses() async throws {
        let html = String(decoding: try await send("/").body, as: UTF8.self)
        #expect(html.contains("/faces/1.png?truncation=0.7&amp;class=1\""))
        #expect(html.contains("href=\"/face?class=0\""))
    }
}
