// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import GANKit

/// Full-size networks of known random weights against the reference. In release builds only: a debug build takes minutes.
@Suite(.serialized, .enabled(if: BuildConfiguration.isOptimized, "full-size networks need a release build"))
struct FullSizeGoldenTests {
    struct Manifest: Decodable {
        struct TensorRecipe: Decodable {
            let name: String
            let shape: [Int]
            let seed: UInt32
            let scale: Double
            let offset: Double
        }
        struct Sample: Decodable {
            let seed: UInt32
            let psi: Float
            let std: Float
        }
        let samples: [Sample]
        let tensors: [TensorRecipe]
        let convClamp: Float?
        let imgResolution: Int
    }

    struct Network {
        let manifest: Manifest
        let expected: ExpectedTensors
        let generator: Generator

        init(resolution: Int) throws {
            let path = try GoldenArchive.path("full-synth/manifest-\(resolution).json")
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            let manifest = try decoder.decode(Manifest.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
            var recipes: [String: SyntheticCheckpoint.Recipe] = [:]
            for tensor in manifest.tensors {
                recipes[tensor.name] = .init(
                    shape: tensor.shape, seed: tensor.seed, scale: tensor.scale, offset: tensor.offset)
            }
            // The recipe leaves out the filters, which are [1, 3, 3, 1] everywhere.
            for tensor in manifest.tensors where tensor.name.hasSuffix("conv1.weight") {
                let block = String(tensor.name.dropLast(".conv1.weight".count))
                for prefix in [block, "\(block).conv0", "\(block).conv1"] {
                    recipes["\(prefix).resample_filter"] = .init(shape: [4, 4], seed: 0)
                }
            }
            self.manifest = manifest
            expected = try ExpectedTensors(GoldenArchive.path("full-synth/expected-\(resolution).safetensors"))
            generator = try Generator(
                checkpoint: SyntheticCheckpoint(
                    recipes: recipes, metadata: CheckpointMetadata(convClamp: manifest.convClamp)))
        }

        /// The prefix of a sample's tensors: "s0.psi0.7", "s1.psi1".
        func key(_ sample: Manifest.Sample) -> String {
            "s\(sample.seed).psi" + String(format: "%g", sample.psi)
        }

        /// w and image of a sample: [wDim] and [3, H, W].
        func run(_ sample: Manifest.Sample) throws -> (w: [Float], image: [Float]) {
            let (ws, image) = try generator.floatImage(
                GenerationRequest(seed: sample.seed, truncationPsi: sample.psi),
                workspace: generator.makeWorkspace(threads: 2))
            return (Array(ws.prefix(generator.configuration.wDim)), image)
        }
    }

    @Test func pictureOf256x256EqualsTheReference() throws {
        let network = try Network(resolution: 256)
        for sample in network.manifest.samples {
            let key = network.key(sample)
            let (w, image) = try network.run(sample)
            PictureComparison.expectEqual(w, try network.expected.floats("\(key).w"), std: 1, "\(key).w")
            PictureComparison.expectEqual(
                image, try network.expected.floats("\(key).img"), std: sample.std, "\(key).img")
        }
    }

    @Test func pictureOf1024x1024EqualsTheReference() throws {
        let network = try Network(resolution: 1024)
        for sample in network.manifest.samples {
            let key = network.key(sample)
            let (w, image) = try network.run(sample)
            PictureComparison.expectEqual(w, try network.expected.floats("\(key).w"), std: 1, "\(key).w")
            let crops: [(String, rows: [Int], columns: [Int])] = [
                ("crop0", Array(0..<64), Array(0..<64)),
                ("crop1", Array(480..<544), Array(480..<544)),
                ("crop2", Array(960..<1024), Array(960..<1024)),
                ("sub16", Array(stride(from: 0, to: 1024, by: 16)), Array(stride(from: 0, to: 1024, by: 16))),
            ]
            for (name, rows, columns) in crops {
                let part = (0..<3).flatMap { channel in
                    rows.flatMap { row in columns.map { image[(channel * 1024 + row) * 1024 + $0] } }
                }
                PictureComparison.expectEqual(
                    part, try network.expected.floats("\(key).\(name)"), std: sample.std, "\(key).\(name)")
            }
        }
    }
}
