// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

/// A folder of reference outputs: `manifest.json` and `expected.safetensors`.
struct GoldenNetwork {
    struct Manifest: Decodable {
        struct Sample: Decodable {
            let seed: UInt32
            let psi: Float
            let cutoff: Int?
            let noiseMode: String
            let classIndex: Int?
            let z: String
            let w: String
            let img: String
            let rgb: String

            enum CodingKeys: String, CodingKey {
                case seed, psi, cutoff, noiseMode, z, w, img, rgb
                case classIndex = "class"
            }

            func request() throws -> GenerationRequest {
                // StyleGAN3's say "const (ignored by stylegan3)".
                let mode = noiseMode.prefix { $0 != " " }
                return GenerationRequest(
                    seed: seed, truncationPsi: psi, truncationCutoff: cutoff, classIndex: classIndex,
                    noiseMode: try #require(NoiseMode(rawValue: String(mode))))
            }
        }

        /// Layers of one seed with the w vectors of some taken from another.
        struct StyleMix: Decodable {
            let rowSeed: UInt32
            let colSeed: UInt32
            let stylesFromCol: [Int]
            let psi: Float
            let w: String
            let img: String
            let rgb: String
        }

        /// Points on the line between two truncated w.
        struct Interpolation: Decodable {
            struct Sample: Decodable {
                let t: Float
                let w: String
                let img: String
                let rgb: String
            }
            let seedA: UInt32
            let seedB: UInt32
            let psi: Float
            let samples: [Sample]
        }

        /// A picture that is moved and turned.
        struct Transform: Decodable {
            let seed: UInt32
            let psi: Float
            let translate: [Double]
            let rotateDeg: Double
            let img: String
            let rgb: String
        }

        let samples: [Sample]
        let transform: Transform?
        let styleMix: StyleMix?
        let wInterpolation: Interpolation?
        let imgStdMean: Float
    }

    let manifest: Manifest
    let expected: ExpectedTensors

    init(_ folder: String) throws {
        let path = try GoldenArchive.path("\(folder)/manifest.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        manifest = try decoder.decode(Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        expected = try ExpectedTensors(GoldenArchive.path("\(folder)/expected.safetensors"))
    }
}
