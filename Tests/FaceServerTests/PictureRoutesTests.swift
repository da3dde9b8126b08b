// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import TestSupport
import Testing

@testable import FaceServer

/// Pictures over URLs, with a network of 8x8 pixels.
@Suite(.timeLimit(.minutes(2))) struct PictureRoutesTests {
    private static let client = SocketAddress(host: "192.0.2.1", port: 1)
    private let folder = TemporaryFolder()

    private func application(_ flags: [String: String] = [:]) async throws -> Application {
        try await folder.tinyApplication(["workers.count": "2"].merging(flags) { $1 })
    }

    private func send(
        _ application: Application, _ target: String, _ headers: HTTPHeaders = [:]
    ) async throws -> HTTPResponse {
        try await application.send(target, headers, from: Self.client)
    }

    private func problem(_ response: HTTPResponse) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    }

    @Test(arguments: [
        ("/avatars/J%C3%BCrgen.png?truncation=1", "/faces/\(Avatar.seed(of: "Jürgen")).png?truncation=1", "an avatar"),
        (
            "/avatars/a%2Fb.png.png?mix=1", "/faces/\(Avatar.seed(of: "a/b.png")).png?truncation=0.7&mix=1&layers=0-3",
            "a text with a slash and a dot, mixed"
        ),
        ("/faces/1.png?layers=3,0-1&mix=2", "/faces/1.png?truncation=0.7&mix=2&layers=0-1,3", "layers in order"),
        (
            "/faces/1.png?noise_seed=5&noise=random", "/faces/1.png?truncation=0.7&noise=random&noise_seed=5",
            "noise of another seed"
        ),
        ("/grids/0,1,2,3.png?columns=2", "/grids/0-3.png?truncation=0.7", "a grid's list and columns"),
        ("/mixes/01/2,3.png?layers=0", "/mixes/1/2-3.png?truncation=0.7&layers=0", "the grid of mixes"),
        (
            "/models/tiny/grids/0-1.png?size=16", "/grids/0-1.png?truncation=0.7&size=16",
            "the default model under its own name"
        ),
    ])
    func everyPictureHasOneURLAndOneTag(target: String, canonical: String, reason: String) async throws {
        let application = try await application()
        let response = try await send(application, target)
        #expect(response.status == .ok, "\(reason): \(String(decoding: response.body.prefix(300), as: UTF8.self))")
        #expect(response.headers["Content-Location"] == canonical, "\(reason)")
        #expect(response.headers["Content-Type"] == "image/png")
        let again = try await send(application, canonical)
        #expect(again.headers["Content-Location"] == nil, "\(reason)")
        #expect(again.headers["ETag"] == response.headers["ETag"])
        #expect(again.body == response.body, "\(reason)")
        #expect(again.headers["Server-Timing"] == "cache;desc=hit", "\(reason)")
        let tag = try #require(response.headers["ETag"])
        let known = try await send(try await self.application(), canonical, ["If-None-Match": tag])
        #expect(known.status == .notModified, "\(reason)")
        #expect(known.body.isEmpty)
    }

    @Test(arguments: [
        ("/grids/0-100.png", "seeds", "101 faces"),
        ("/grids/5-2.png", "seeds", "a range that runs backwards"),
        ("/grids/.png", "seeds", "no faces"),
        ("/grids/1.png?columns=0", "columns", "no columns"),
        ("/grids/1.png?seed=1", "seed", "a parameter of single faces"),
        ("/mixes/1/.png", "columns", "no columns"),
        ("/mixes/0-9/0-9.png", "rows", "120 faces in all"),
        ("/mixes/0/1.png?layers=4", "layers", "a layer that there is not"),
        ("/faces/1.png?layers=0-3", "layers", "layers of nothing"),
        ("/faces/1.png?noise_seed=1", "noise_seed", "a seed of no noise"),
        ("/faces/1.png?quality=90", "quality", "a PNG has none"),
        ("/avatars/.png", "text", "no text"),
        ("/avatars/\(String(repeating: "a", count: 1025)).png", "text", "a text that is too long"),
    ])
    func badParameterIsNamed(target: String, parameter: String, reason: String) async throws {
        let response = try await send(try await application(), target)
        #expect(response.status == .badRequest, "\(reason)")
        #expect(try problem(response)["parameter"] as? String == parameter, "\(reason)")
    }

    @Test func gridOfTooManyPixelsNamesTheBound() async throws {
        let application = try await application(["composite.maxPixels": "65536"])
        #expect(try await send(application, "/grids/0-99.png").status == .ok, "100 times 8x8")
        let response = try await send(application, "/grids/0-99.png?columns=33&size=16")
        #expect(response.status == .ok, "132 places of 16x16 are 33792 pixels")
        let small = try await self.application(["composite.maxPixels": "65536", "composite.maxCells": "10000"])
        let refused = try await send(small, "/grids/0-1023.png")
        #expect(refused.status == .ok, "1024 places of 8x8 are 65536 pixels")
        let tooMany = try await send(small, "/grids/0-1023.png?size=16")
        #expect(tooMany.status == .badRequest)
        #expect(
            try problem(tooMany)["detail"] as? String
                == "Parameter 'size' is '16', which is out of range: "
                + "expected at most 8 for 1024 places, which together may have 65536 pixels.")
    }

    @Test func gridIsMadeOfTheFacesOfItsSeeds() async throws {
        let application = try await application()
        let grid = try await send(application, "/grids/3-5.png?truncation=1").picture()
        #expect(grid.width == 16)
        #expect(grid.height == 16)
        for (index, seed) in (3...5).enumerated() {
            let face = try await send(application, "/faces/\(seed).png?truncation=1").picture()
            for row in 0..<8 {
                let first = ((index / 2 * 8 + row) * 16 + index % 2 * 8) * 3
                #expect(
                    Array(grid.pixels[first..<first + 24]) == Array(face.pixels[row * 24..<row * 24 + 24]),
                    "seed \(seed), row \(row)")
            }
        }
    }

    @Test func facesOfAGridAreShared() async throws {
        let application = try await application()
        _ = try await send(application, "/faces/1.png")
        _ = try await send(application, "/grids/0-3.png")
        func computed() -> Int { Int(application.metrics.batchSize.values.first?.series.sum ?? 0) }
        #expect(computed() == 4, "one of the five was there")
        let face = try await send(application, "/faces/2.png")
        #expect(face.headers["Server-Timing"] == "cache;desc=hit")
        _ = try await send(application, "/mixes/0/2.png")
        #expect(computed() == 5, "the sources were there")
    }

    @Test func facesOfAGridCostEach() async throws {
        let application = try await application([
            "rateLimit.requestsPerSecond": "0.001", "rateLimit.burst": "3", "workers.count": "1",
        ])
        #expect(try await send(application, "/faces/0.png").status == .ok)
        let grid = try await send(application, "/grids/0-2.png")
        #expect(grid.status == .ok)
        #expect(grid.headers["RateLimit"]?.hasPrefix("\"client\";r=0;") == true, "two were new")
        #expect(try await send(application, "/grids/0-3.png").status == .tooManyRequests)
        #expect(try await send(application, "/grids/1-2.png").status == .ok, "nothing new")
    }

    @Test func mixTakesLayersOfTheOtherSeed() async throws {
        let application = try await application()
        let all = try await send(application, "/faces/1.png?mix=2&layers=0-3").picture()
        #expect(try await send(application, "/faces/2.png").picture() == all)
        let some = try await send(application, "/faces/1.png?mix=2&layers=0-1").picture()
        #expect(some != all)
        #expect(try await send(application, "/faces/1.png").picture() != some)
    }

    @Test func noiseHasASeedOfItsOwn() async throws {
        let application = try await application()
        let first = try await send(application, "/faces/1.png?noise=random&noise_seed=1").picture()
        #expect(try await send(application, "/faces/1.png?noise=random&noise_seed=2").picture() != first)
        #expect(try await send(application, "/faces/1.png?noise=random").picture() != first)
    }

    @Test(
        arguments: [
            ("jpg", "image/jpeg", [0xFF, 0xD8, 0xFF], "/faces/1.jpg?truncation=0.7"),
            ("webp", "image/webp", Array("RIFF".utf8), "/faces/1.webp?truncation=0.7"),
        ] as [(String, String, [UInt8], String)])
    func formatIsThatOfTheExtension(name: String, type: String, magic: [UInt8], canonical: String) async throws {
        let application = try await application()
        let response = try await send(application, "/faces/1.\(name)?quality=85")
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == type)
        #expect(response.headers["Content-Location"] == canonical, "the quality is the format's own")
        #expect(response.body.starts(with: magic))
        let small = try await send(application, "/faces/1.\(name)?quality=1")
        #expect(small.body.count < response.body.count)
        #expect(small.headers["ETag"] != response.headers["ETag"])
        #expect(try await send(application, "/faces/1", ["Accept": type]).body == response.body)
        #expect(try await send(application, "/grids/1-2.\(name)").body.starts(with: magic))
        #expect(try await send(application, "/faces/1.\(name)?quality=101").status == .badRequest)
    }

    @Test func formatIsNegotiatedWhereTheURLHasNone() async throws {
        let application = try await application()
        let response = try await send(application, "/faces/1", ["Accept": "image/png"])
        #expect(response.status == .ok)
        #expect(response.headers["Vary"] == "Accept")
        #expect(response.headers["Content-Type"] == "image/png")
        #expect(response.headers["Content-Location"] == "/faces/1.png?truncation=0.7")
        let known = try await send(
            application, "/faces/1", ["If-None-Match": try #require(response.headers["ETag"])])
        #expect(known.status == .notModified)
        #expect(known.headers["Vary"] == "Accept")
        let refused = try await send(application, "/faces/1", ["Accept": "text/html"])
        #expect(refused.status == .notAcceptable)
        #expect(refused.headers["Vary"] == "Accept")
        #expect(
            try problem(try await send(application, "/faces/1.gif"))["detail"] as? String
                == "There are no faces of the format '.gif', only .webp, .jpg, .png.")
    }
}
