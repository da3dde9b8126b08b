// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct LatentEditTests {
    static let request = GenerationRequest(seed: 5, truncationPsi: 0.8)

    static func direction(_ space: LatentDirection.Space, vectors: Int = 1) -> LatentDirection {
        LatentDirection(space: space, vectors: (0..<vectors * 16).map { Float($0) / 16 }, length: 16)
    }

    @Test func noStepIsTheSeedsLatent() throws {
        let generator = try GeneratorTests.generator()
        #expect(try generator.latent(like: Self.request, edits: []).ws == generator.latent(of: Self.request).ws)
    }

    @Test func stepInZIsMadeBeforeTheMapping() throws {
        let generator = try GeneratorTests.generator()
        let z = zip(generator.z(seed: 5), 0..<16).map { $0.addingProduct(-1.5, Float($1) / 16) }
        let edit = LatentEdit(direction: Self.direction(.z), strength: -1.5)
        #expect(
            try generator.latent(like: Self.request, edits: [edit]).ws
                == generator.latent(z: z, like: Self.request).ws)
    }

    @Test func stepInZOfSomeLayersTakesTheirW() throws {
        let generator = try GeneratorTests.generator()
        let everywhere = LatentEdit(direction: Self.direction(.z), strength: 2)
        var somewhere = everywhere
        somewhere.layers = 3...Int.max
        let all = try generator.latent(like: Self.request, edits: [everywhere])
        let none = try generator.latent(of: Self.request)
        let moved = try generator.latent(like: Self.request, edits: [somewhere])
        #expect(moved.ws == Array(none.ws[..<48]) + Array(all.ws[48...]))
    }

    @Test func stepInWIsMadeAfterTruncation() throws {
        let generator = try GeneratorTests.generator()
        let edit = LatentEdit(direction: Self.direction(.w), strength: 3)
        let moved = try generator.latent(like: Self.request, edits: [edit, edit])
        let ws = try generator.latent(of: Self.request).ws
        for index in ws.indices {
            #expect(abs(moved.ws[index] - ws[index] - 6 * Float(index % 16) / 16) < 1e-5)
        }
    }

    @Test func directionMayHaveAVectorForEachLayer() throws {
        let generator = try GeneratorTests.generator()
        let edit = LatentEdit(direction: Self.direction(.w, vectors: 6), strength: 1, layers: 4...4)
        let moved = try generator.latent(like: Self.request, edits: [edit])
        let ws = try generator.latent(of: Self.request).ws
        for index in ws.indices {
            let step = index / 16 == 4 ? Float(index) / 16 : 0
            #expect(abs(moved.ws[index] - ws[index] - step) < 1e-5)
        }
    }

    @Test(arguments: [(15, 1, "too short"), (16, 2, "neither one vector nor one for each layer")])
    func directionsOfOtherSizesAreRefused(length: Int, vectors: Int, reason: String) throws {
        let generator = try GeneratorTests.generator()
        let direction = LatentDirection(
            space: .w, vectors: [Float](repeating: 1, count: length * vectors), length: length)
        #expect(throws: GenerationError.directionSize(length: length, expected: 16), "\(reason)") {
            try generator.latent(like: Self.request, edits: [LatentEdit(direction: direction, strength: 1)])
        }
    }
}
