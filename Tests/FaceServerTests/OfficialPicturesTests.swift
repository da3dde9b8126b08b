// SPDX-License-Identifier: Apache-2.0

import Foundation
import GANKit
import MiniHTTP
import Synchronization
import TestSupport
import Testing

@testable import FaceServer

/// What the official scripts make has a URL that gives the same picture.
@Suite(.timeLimit(.minutes(2))) struct OfficialPicturesTests {
    private let application: Application
    private let golden: GoldenNetwork

    init() async throws {
        golden = try GoldenNetwork("ada-a-32")
        let path = try GoldenArchive.path("ada-a-32/network.pkl")
        application = try buildApplication(
            configuration: try await ServerConfiguration.load(flags: ["model.path": path], environment: [:]),
            logger: ProgramLog.standardError(level: .critical))
    }

    private func picture(_ target: String) async throws -> RGBImage {
        let response = try await application.handler.handle(HTTPRequest(target: target))
        #expect(response.status == .ok, "\(String(decoding: response.body.prefix(300), as: UTF8.self))")
        return try PNGDecoder().decode(response.body, maxPixels: 1 << 20)
    }

    /// A place of a grid of 32x32 pictures.
    private func cell(_ picture: RGBImage, column: Int, row: Int) -> [UInt8] {
        (0..<32).flatMap { line in
            let first = ((row * 32 + line) * picture.width + column * 32) * 3
            return picture.pixels[first..<first + 96]
        }
    }

    /// `generate.py --seeds=S --trunc=PSI --noise-mode=MODE`
    @Test func facesAreThoseOfGenerate() async throws {
        for sample in golden.manifest.samples {
            let cutoff = sample.cutoff.map { "&cutoff=\($0)" } ?? ""
            let target = "/faces/\(sample.seed).png?truncation=\(sample.psi)&noise=\(sample.noiseMode)\(cutoff)"
            PictureComparison.expectEqual(
                try await picture(target).pixels, try golden.expected.bytes(sample.rgb), target)
        }
    }

    /// `style_mixing.py --rows=0 --cols=1 --styles=0-3`: its single pictures, and its grid.
    @Test func mixesAreThoseOfStyleMixing() async throws {
        let mix = try #require(golden.manifest.styleMix)
        let layers = IntegerRanges.text(of: mix.stylesFromCol)
        let query = "layers=\(layers)&truncation=\(mix.psi)"
        let expected = try golden.expected.bytes(mix.rgb)
        let single = try await picture("/faces/\(mix.rowSeed).png?mix=\(mix.colSeed)&\(query)")
        PictureComparison.expectEqual(single.pixels, expected, "one")

        let grid = try await picture("/mixes/\(mix.rowSeed)/\(mix.colSeed).png?\(query)")
        #expect(grid.width == 64)
        #expect(grid.height == 64)
        #expect(cell(grid, column: 0, row: 0).allSatisfy { $0 == 0 }, "the corner")
        PictureComparison.expectEqual(cell(grid, column: 1, row: 1), expected, "where row and column cross")
        for (seed, column, row) in [(mix.colSeed, 1, 0), (mix.rowSeed, 0, 1)] {
            let face = try await picture("/faces/\(seed).png?truncation=\(mix.psi)")
            #expect(cell(grid, column: column, row: row) == face.pixels, "the source \(seed)")
        }
    }

    /// Points on the line between two truncated w, of which interpolation grids are made.
    @Test func placesOnTheWayAreThoseOfTheReference() async throws {
        let line = try #require(golden.manifest.wInterpolation)
        for sample in line.samples {
            let target = "/morphs/\(line.seedA)-\(line.seedB).png?t=\(sample.t)&truncation=\(line.psi)"
            PictureComparison.expectEqual(
                try await picture(target).pixels, try golden.expected.bytes(sample.rgb), target)
        }
    }

    /// The frames of an interpolation video: an animation that ends at the last seed, from its URL and from the command.
    @Test func framesAreThoseOfTheReference() async throws {
        let line = try #require(golden.manifest.wInterpolation)
        let target = "/morphs/\(line.seedA)-\(line.seedB).apng?frames=5&loop=false&truncation=\(line.psi)"
        let response = try await application.handler.handle(HTTPRequest(target: target))
        let received = Mutex<[UInt8]>([])
        try await #require(response.stream).run { piece in received.withLock { $0 += piece } }
        let file = received.withLock { $0 }
        let frames = PNGChunks(file).frames
        try #require(frames.count == 5)
        for sample in line.samples {
            let frame = try PNGDecoder().decode(frames[Int((sample.t * 4).rounded())], maxPixels: 1024)
            PictureComparison.expectEqual(frame.pixels, try golden.expected.bytes(sample.rgb), "\(target), \(sample.t)")
        }

        let folder = TemporaryFolder()
        let output = try folder.write("", to: "way.apng")
        let command = try GenerateMorphCommand.parse([
            "--network", try GoldenArchive.path("ada-a-32/network.pkl"), "--seeds", "\(line.seedA),\(line.seedB)",
            "--open", "--frames", "5", "--trunc", "\(line.psi)", "--output", output,
        ])
        try await command.run()
        #expect(Array(try Data(contentsOf: URL(fileURLWithPath: output))) == file)
    }

    /// The command lines that make the same.
    @Test func commandsMakeTheOfficialPictures() async throws {
        let folder = TemporaryFolder()
        let network = try GoldenArchive.path("ada-a-32/network.pkl")
        func expectEqual(_ file: String, _ rgb: String) throws {
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + file)))
            let picture = try PNGDecoder().decode(bytes, maxPixels: 1024)
            PictureComparison.expectEqual(picture.pixels, try golden.expected.bytes(rgb), file)
        }
        let sample = try #require(golden.manifest.samples.first { $0.cutoff == nil && $0.noiseMode == "const" })
        try GenerateFacesCommand.parse([
            "--network", network, "--seeds", "\(sample.seed)", "--trunc", "\(sample.psi)", "--outdir", folder.path,
        ]).run()
        try expectEqual(GenerateFacesCommand.fileName(of: sample.seed), sample.rgb)

        let mix = try #require(golden.manifest.styleMix)
        let mixes = try GenerateMixesCommand.parse([
            "--network", network, "--rows", "\(mix.rowSeed)", "--cols", "\(mix.colSeed)", "--styles",
            IntegerRanges.text(of: mix.stylesFromCol), "--trunc", "\(mix.psi)", "--outdir", folder.path,
        ])
        try await mixes.run()
        try expectEqual("\(mix.rowSeed)-\(mix.colSeed).png", mix.rgb)

        let line = try #require(golden.manifest.wInterpolation)
        let place = try #require(line.samples.first)
        let morph = try GenerateMorphCommand.parse([
            "--network", network, "--seeds", "\(line.seedA),\(line.seedB)", "--t", "\(place.t)", "--trunc",
            "\(line.psi)", "--output", folder.path + "/between.png",
        ])
        try await morph.run()
        try expectEqual("between.png", place.rgb)
    }
}
