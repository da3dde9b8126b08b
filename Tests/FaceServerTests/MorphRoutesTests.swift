// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import Synchronization
import TestSupport
import Testing

@testable import FaceServer

/// Morphs over URLs, with a network of 8x8 pixels.
@Suite(.timeLimit(.minutes(2))) struct MorphRoutesTests {
    private let folder = TemporaryFolder()

    private func application(_ flags: [String: String] = [:]) async throws -> Application {
        try await folder.tinyApplication(["workers.count": "2"].merging(flags) { $1 })
    }

    /// All of an answer, streamed or not.
    private func bytes(_ response: HTTPResponse) async throws -> [UInt8] {
        response.expectOK()
        guard let stream = response.stream else { return response.body }
        let received = Mutex<[UInt8]>([])
        try await stream.run { piece in received.withLock { $0 += piece } }
        return received.withLock { $0 }
    }

    @Test(arguments: [
        ("/morphs/1-2.png", "/morphs/1-2.png?truncation=0.7&t=0.5", "the middle"),
        ("/morphs/01-2.png?t=0.250&space=w", "/morphs/1-2.png?truncation=0.7&t=0.25", "a place"),
        ("/morphs/1-2-3.png?space=z&t=1.5&loop=false", "/morphs/1-2-3.png?truncation=0.7&t=1.5&space=z", "along arcs"),
        ("/morphs/1-2.png?loop&t=2", "/morphs/1-2.png?truncation=0.7&t=2&loop=true", "back at the beginning"),
        (
            "/morphs/1-2.apng?fps=5&frames=2", "/morphs/1-2.apng?truncation=0.7&frames=2&fps=5", "an animation"
        ),
        (
            "/morphs/1-2.webp?frames=3&loop=false&quality=85&space=z",
            "/morphs/1-2.webp?truncation=0.7&space=z&frames=3&fps=24&loop=false", "an open one"
        ),
    ])
    func everyMorphHasOneURL(target: String, canonical: String, reason: String) async throws {
        let response = try await application().send(target)
        #expect(response.status == .ok, "\(reason): \(String(decoding: response.body.prefix(300), as: UTF8.self))")
        #expect(response.headers["Content-Location"] == canonical, "\(reason)")
    }

    @Test(arguments: [
        ("/morphs/1.png", "seeds", "one seed"),
        ("/morphs/1-.png", "seeds", "half a way"),
        ("/morphs/\((1...17).map { "\($0)" }.joined(separator: "-")).png", "seeds", "17 seeds"),
        ("/morphs/1-4294967296.png", "seeds", "a seed of 33 bits"),
        ("/morphs/1-2.png?t=1.1", "t", "beyond the end"),
        ("/morphs/1-2.png?t=2.1&loop", "t", "beyond the beginning"),
        ("/morphs/1-2.png?frames=3", "frames", "an animation's parameter"),
        ("/morphs/1-2.png?loop=maybe", "loop", "neither true nor false"),
        ("/morphs/1-2.apng?t=1", "t", "a still's parameter"),
        ("/morphs/1-2.apng?frames=1", "frames", "no motion"),
        ("/morphs/1-2.apng?frames=241", "frames", "more than the configuration allows"),
        ("/morphs/1-2.apng?fps=101", "fps", "faster than browsers show"),
    ])
    func badParameterIsNamed(target: String, parameter: String, reason: String) async throws {
        let response = try await application().send(target)
        #expect(response.status == .badRequest, "\(reason)")
        #expect(String(decoding: response.body, as: UTF8.self).contains("\"parameter\":\"\(parameter)\""), "\(reason)")
    }

    @Test func wayGoesThroughItsSeeds() async throws {
        let application = try await application()
        for space in ["w", "z"] {
            for loop in ["true", "false"] {
                for (place, seed) in [(0, 5), (1, 6), (2, 7)] {
                    let way = "/morphs/5-6-7.png?t=\(place)&space=\(space)&loop=\(loop)"
                    let difference = zip(
                        try await application.picture(way).pixels,
                        try await application.picture("/faces/\(seed).png").pixels
                    ).map { abs(Int($0) - Int($1)) }.max()
                    #expect(try #require(difference) <= 1, "\(way)")
                }
            }
            let end = try await application.picture("/morphs/5-6-7.png?t=3&loop&space=\(space)")
            let start = try await application.picture("/morphs/5-6-7.png?t=0&loop&space=\(space)")
            #expect(zip(end.pixels, start.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
        }
        let straight = try await application.picture("/morphs/5-6-7.png?t=0.5")
        #expect(try await application.picture("/morphs/5-6-7.png?t=0.5&space=z") != straight)
        #expect(try await application.picture("/morphs/5-6-7.png?t=0.5&loop") != straight)
    }

    /// Noise that jumped from one seed's to the next one's would flicker.
    @Test func noiseIsTheFirstSeedsAllTheWay() async throws {
        let model = try ServedModel(path: try folder.tinyModel("tiny.safetensors"))
        var face = FaceParameters(seed: 5, truncation: FixedDecimal(millionths: 700_000), noise: .random)
        let renderer = FaceRenderer(model: model, cores: CoreShare(cores: 1))
        face.morph = MorphPoint(seeds: [5, 6, 7], position: FixedDecimal(millionths: 999_999))
        let before = try PNGDecoder().decode(try renderer.render(face), maxPixels: 64)
        face.morph?.position = FixedDecimal(millionths: 1_000_001)
        let after = try PNGDecoder().decode(try renderer.render(face), maxPixels: 64)
        #expect(zip(before.pixels, after.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test func animationIsMadeOfItsFrames() async throws {
        let application = try await application()
        let answer = try await application.send("/morphs/1-2.apng?frames=4&fps=10&truncation=1")
        #expect(answer.headers["Content-Type"] == "image/apng")
        #expect(answer.stream != nil)
        let file = try await bytes(answer)
        // A decoder that knows no APNG shows the first frame.
        let first = try PNGDecoder().decode(file, maxPixels: 64)
        #expect(try await application.picture("/morphs/1-2.png?t=0&loop&truncation=1") == first)
        func computed() -> Int { Int(application.metrics.batchSize.values.first?.series.sum ?? 0) }
        #expect(computed() == 4)
        for place in ["0.5", "1", "1.5"] {
            _ = try await application.picture("/morphs/1-2.png?t=\(place)&loop&truncation=1")
        }
        #expect(computed() == 4, "each frame is a picture of its own")
        let again = try await application.send("/morphs/1-2.apng?frames=4&fps=10&truncation=1")
        #expect(again.headers["Server-Timing"] == "cache;desc=hit")
        #expect(again.stream == nil)
        #expect(again.body == file)
    }

    @Test func framesAreSentInOrderWhateverTheirNumber() async throws {
        let model = try await application()
        for count in [2, 17, 18, 40] {
            let file = try await bytes(try await model.send("/morphs/3-4-9.apng?frames=\(count)&truncation=1"))
            let chunks = PNGChunks(file)
            #expect(chunks.count(of: "fcTL") == count)
            #expect(chunks.count(of: "IDAT") == 1)
            #expect(chunks.count(of: "fdAT") == count - 1)
        }
    }

    @Test func animatedWebPIsOneToo() async throws {
        let file = try await bytes(try await application().send("/morphs/1-2.webp?frames=3"))
        #expect(file.starts(with: Array("RIFF".utf8)))
        #expect(Array(file[8..<16]) == Array("WEBPVP8X".utf8))
    }

    /// Two frames are admitted at once, and the others when tokens come back: too late to refuse, they wait.
    @Test func animationKeepsToTheClientsRate() async throws {
        let application = try await application([
            "rateLimit.requestsPerSecond": "50", "rateLimit.burst": "2", "workers.count": "1",
        ])
        let client = SocketAddress(host: "192.0.2.1", port: 1)
        let answer = try await application.handler.handle(
            HTTPRequest(target: "/morphs/1-2.apng?frames=6", remoteAddress: client))
        #expect(PNGChunks(try await bytes(answer)).count(of: "fcTL") == 6)
    }
}
