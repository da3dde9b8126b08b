// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// `score` and `best_of`, with a pickle that has a generator and its discriminator.
@Suite(.timeLimit(.minutes(2))) struct ScoreRoutesTests {
    private let folder = TemporaryFolder()
    private let path: String
    private let application: Application

    init() async throws {
        // One archive has the pickle without the discriminator's weights, the other one with nothing but these; the weights
        // that are left out are zeros. So the bits of both together are those of the complete file.
        let fixtures = try [
            FixtureArchive.discriminators.path("ada-d-clamp-32.pkl"), GoldenArchive.path("ada-d-clamp-32/network.pkl"),
        ].map { Array(try Data(contentsOf: URL(fileURLWithPath: $0))) }
        try #require(fixtures[0].count == fixtures[1].count)
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        path = folder.path + "/network.pkl"
        try Data(zip(fixtures[0], fixtures[1]).map { $0 | $1 }).write(to: URL(fileURLWithPath: path))
        application = try buildApplication(
            configuration: try await ServerConfiguration.load(flags: ["model.path": path], environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
    }

    private func send(_ target: String, _ headers: HTTPHeaders = [:]) async throws -> HTTPResponse {
        try await application.handler.handle(HTTPRequest(target: target, headers: headers))
    }

    private func score(_ seed: UInt32) async throws -> Float {
        let response = try await send("/faces/\(seed).png?score")
        #expect(response.status == .ok)
        return try #require(response.headers["X-Face-Score"].flatMap { Float($0) })
    }

    @Test func scoreIsThatOfThePicture() async throws {
        let file = try Checkpoint.map(path: path)
        let discriminator = try Discriminator(checkpoint: try #require(try Checkpoint.discriminator(in: file)))
        let face = try await send("/faces/3.png")
        #expect(face.headers["X-Face-Score"] == nil)
        let picture = try PNGDecoder().decode(face.body, maxPixels: 1024)
        let expected = try discriminator.score(picture, workspace: discriminator.makeWorkspace(threads: 1))
        #expect(try await score(3) == expected)
        let small = try await send("/faces/3.png?score=true&size=16")
        #expect(small.headers["X-Face-Score"].flatMap { Float($0) } == expected, "of the model's own picture")
        #expect(small.headers["Content-Location"] == "/faces/3.png?truncation=0.7&size=16")
    }

    @Test func bestOfSeveralNeighboursIsTheOneWithTheHighestScore() async throws {
        var scores: [UInt32: Float] = [:]
        for seed: UInt32 in 10..<14 { scores[seed] = try await score(seed) }
        let best = try #require(scores.max { $0.value < $1.value })
        let response = try await send("/faces/10.png?best_of=4")
        #expect(response.headers["Content-Location"] == "/faces/\(best.key).png?truncation=0.7")
        #expect(response.headers["X-Face-Score"].flatMap { Float($0) } == best.value)
        #expect(response.body == (try await send("/faces/\(best.key).png")).body)
        let tag = try #require(response.headers["ETag"])
        #expect(try await send("/faces/10.png?best_of=3").headers["ETag"] != tag)
        #expect(try await send("/faces/10.png?best_of=4", ["If-None-Match": tag]).status == .notModified)
    }

    @Test func afterTheLastSeedComesTheFirst() {
        let last = FaceParameters(seed: .max, truncation: FixedDecimal(millionths: 0))
        #expect(PictureRoutes.neighbours(of: last, count: 3).map(\.seed) == [.max, 0, 1])
    }

    @Test func numberOfNeighboursIsBounded() async throws {
        for count in ["0", "1", "17"] {
            #expect(try await send("/faces/1.png?best_of=\(count)").status == .badRequest)
        }
        #expect(try await send("/faces/1.png?score=false").headers["X-Face-Score"] == nil)
    }

    @Test func checkpointWithoutDiscriminatorSaysSo() async throws {
        let application = try buildApplication(
            configuration: try await ServerConfiguration.load(
                flags: ["model.path": try folder.tinyModel("tiny.safetensors")], environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
        let response = try await application.handler.handle(HTTPRequest(target: "/faces/1.png?score"))
        #expect(response.status == .badRequest)
        #expect(String(decoding: response.body, as: UTF8.self).contains("no discriminator"))
    }
}
