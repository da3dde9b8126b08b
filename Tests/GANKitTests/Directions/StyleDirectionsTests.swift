// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct StyleDirectionsTests {
    static func generator() throws -> Generator {
        try Generator(checkpoint: Checkpoint.open(path: GoldenArchive.path("ada-a-32/G_ema.safetensors")))
    }

    struct Expectation: CustomTestStringConvertible {
        let testDescription: String
        let layers: ClosedRange<Int>?
        /// The first four and the last.
        let strengths: [Double]
        /// Rank, and the first four elements.
        let directions: [(rank: Int, elements: [Float])]
    }

    /// With A the rows of `synthesis.b*.conv*.affine.weight` in ada-a-32/G_ema.safetensors as float64, of all layers or of b8:
    /// `w, v = numpy.linalg.eigh(A.T @ A)`; `sqrt(w[::-1] / 64)`, and `v[:, ::-1].T` with the sign of the largest element.
    static let expectations = [
        Expectation(
            testDescription: "all layers", layers: nil,
            strengths: [
                3.499450956490806, 3.421287906224902, 3.3731466579019593, 3.344965131702262, 1.547728394784081,
            ],
            directions: [
                (0, [-0.08739444238258134, -0.00492212391021879, -0.1914372185222341, 0.05766437365604174]),
                (1, [0.2719951220814541, 0.16874088513590663, -0.030017525965445824, -0.0017621499548319264]),
                (63, [0.10649921501642926, -0.1012534833548637, 0.018884445010045492, 0.07236616049832245]),
            ]),
        Expectation(
            testDescription: "layers of b8", layers: 1...2,
            strengths: [
                2.2878130844826345, 2.272563723121787, 2.240561313679238, 2.2190548979042273, 0.4247222135817604,
            ],
            directions: [
                (0, [-0.05799073284924716, -0.14565722963011501, 0.03847935197588892, 0.10290790684096435]),
                (1, [-0.23959106856899834, -0.13688656680880718, -0.009705143835161023, 0.041681495824731185]),
                (63, [-0.12337364347284425, 0.10203223801532532, 0.07094406446050429, -0.005184967633178106]),
            ]),
    ]

    @Test(arguments: expectations)
    func directionsAreTheEigenvectorsOfTheStyles(_ expected: Expectation) throws {
        let found = try Self.generator().styleDirections(layers: expected.layers)
        #expect(found.layers == expected.layers ?? 0...7)
        #expect(found.count == 64)
        for (strength, expected) in zip(found.strengths.prefix(4) + found.strengths.suffix(1), expected.strengths) {
            #expect(abs(strength - expected) < 1e-12)
        }
        for (rank, elements) in expected.directions {
            #expect(found[rank].space == .w)
            for (value, expected) in zip(found[rank].vectors, elements) {
                #expect(abs(value - expected) < 1e-6, "direction \(rank)")
            }
        }
    }

    /// By the definition, with the layers' gain of 1 / sqrt(64).
    @Test func strengthIsHowFarTheStylesMove() throws {
        let generator = try Self.generator()
        let found = try generator.styleDirections()
        let affines = generator.network.styleAffines
        func styles(_ step: [Float]) -> Double {
            let squares = affines.flatMap { affine in
                stride(from: 0, to: affine.weight.count, by: 64).map { row in
                    let elements = affine.weight.elements[row..<row + 64]
                    let style = zip(elements, step).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / 8
                    return style * style
                }
            }
            return squares.reduce(0, +).squareRoot()
        }
        #expect(abs(styles(found[0].vectors) - found.strengths[0]) < 1e-5)
        #expect(abs(styles(found[63].vectors) - found.strengths[63]) < 1e-5)
    }

    @Test func laterCallsGiveTheSame() throws {
        let generator = try Self.generator()
        let first = try generator.styleDirections(layers: 2...3)
        // More than are remembered.
        for last in 0..<7 {
            for start in 0...last { _ = try generator.styleDirections(layers: start...last) }
        }
        #expect(try generator.styleDirections(layers: 2...3)[5] == first[5])
    }

    @Test(arguments: [-1...2, 0...8, 8...8, 0...Int.max])
    func layersThatDoNotExistAreRefused(layers: ClosedRange<Int>) throws {
        let generator = try Self.generator()
        #expect(throws: GenerationError.layersOutOfRange(layers: layers, numWs: 8)) {
            try generator.styleDirections(layers: layers)
        }
    }

    /// The last w of a StyleGAN2 is taken by its last ToRGB layer alone.
    @Test func layersWithoutConvolutionsAreRefused() throws {
        let error = #expect(throws: GenerationError.self) { try Self.generator().styleDirections(layers: 7...7) }
        #expect(error?.description == "layers 7 to 7 of this stylegan2 model have no styles")
    }

    @Test(arguments: ["sg3-t-64/network.pkl", "rosinality-64/checkpoint.pt"])
    func otherModelsHaveThemToo(path: String) throws {
        let generator = try Generator(checkpoint: Checkpoint.open(path: GoldenArchive.path(path)))
        let found = try generator.styleDirections()
        #expect(found.count == generator.configuration.wDim)
        #expect(found.strengths[0] > 0)
    }

    @Test func stepsMoveThePicture() throws {
        let generator = try Self.generator()
        let request = GenerationRequest(seed: 1, truncationPsi: 0.7)
        let direction = try generator.styleDirections()[0]
        let still = try generator.latent(of: request)
        let moved = try generator.latent(
            like: request, edits: [LatentEdit(direction: direction, strength: 2.5, layers: 2...3)])
        for layer in 0..<8 {
            for index in 0..<64 {
                let step = (2...3).contains(layer) ? 2.5 * direction.vectors[index] : 0
                #expect(abs(moved.ws[layer * 64 + index] - still.ws[layer * 64 + index] - step) < 1e-6)
            }
        }
    }
}
