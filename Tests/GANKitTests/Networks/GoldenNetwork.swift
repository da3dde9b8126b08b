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
                case seed, psi, cutoff, z, w, img, rgb
                case noiseMode = "noise_mode"
                case classIndex = "class"
            }

            func request() throws -> GenerationRequest {
                GenerationRequest(
                    seed: seed, truncationPsi: psi, truncationCutoff: cutoff, classIndex: classIndex,
                    noiseMode: try #require(NoiseMode(rawValue: noiseMode)))
            }
        }

        let samples: [Sample]
        let imgStdMean: Float

        enum CodingKeys: String, CodingKey {
            case samples
            case imgStdMean = "img_std_mean"
        }
    }

    let manifest: Manifest
    let expected: ExpectedTensors

    init(_ folder: String) throws {
        let path = try GoldenArchive.path("\(folder)/manifest.json")
        manifest = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        expected = try ExpectedTensors(GoldenArchive.path("\(folder)/expected.safetensors"))
    }
}
