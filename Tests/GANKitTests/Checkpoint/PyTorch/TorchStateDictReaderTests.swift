// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

@Suite struct TorchStateDictReaderTests {
    private func read(_ save: TorchSave) throws -> AssembledCheckpoint {
        try TorchStateDictReader.read(zip: ByteView(copying: save.zip.bytes))
    }

    private static let rosinality: [(String, [Int], [Float])] = [
        ("style.1.weight", [1, 1], [1]), ("style.1.bias", [1], [2]),
        ("input.input", [1, 1, 4, 4], .init(repeating: 3, count: 16)),
        ("conv1.conv.weight", [1, 1, 1, 3, 3], (0..<9).map(Float.init)), ("conv1.noise.weight", [1], [4]),
        ("to_rgb1.bias", [1, 3, 1, 1], [5, 6, 7]), ("convs.2.conv.blur.kernel", [2, 2], [4, 8, 12, 16]),
        ("convs.3.activate.bias", [1], [8]), ("to_rgbs.1.upsample.kernel", [1, 1], [4]),
        ("noises.noise_4", [1, 1, 1, 2], [9, 10]), ("mean_path_length", [], [11]),
    ]

    @Test func rosinalityNames() throws {
        var save = TorchSave("g_ema", Self.rosinality)
        save.dictionaries.append(("", [("latent_avg", [1], [12])]))
        save.dictionaries.append(("d", [("convs.0.0.weight", [1], [13])]))
        save.others = [("g_optim", .dict([]))]
        let reader = try read(save)
        #expect(reader.metadata == CheckpointMetadata())
        let expected: [(String, [Int], [Float])] = [
            ("mapping.fc0.weight", [1, 1], [1]), ("mapping.fc0.bias", [1], [2]), ("mapping.w_avg", [1], [12]),
            ("synthesis.b4.const", [1, 4, 4], .init(repeating: 3, count: 16)),
            ("synthesis.b4.conv1.weight", [1, 1, 3, 3], (0..<9).map(Float.init)),
            ("synthesis.b4.conv1.noise_strength", [], [4]), ("synthesis.b4.torgb.bias", [3], [5, 6, 7]),
            // Their kernels have the gain 4 of up-sampling.
            ("synthesis.b16.conv0.resample_filter", [2, 2], [1, 2, 3, 4]), ("synthesis.b16.conv1.bias", [1], [8]),
            ("synthesis.b16.resample_filter", [1, 1], [1]), ("synthesis.b16.conv1.noise_const", [1, 2], [9, 10]),
        ]
        #expect(reader.tensorNames == expected.map(\.0).sorted())
        for (name, shape, elements) in expected {
            #expect(reader.shape(of: name) == shape, "\(name)")
            #expect(try reader.tensor(name).elements == elements, "\(name)")
        }
        #expect(reader.unused == ["tensor 'mean_path_length'", "dictionary 'd'", "entry 'g_optim'"])
    }

    @Test func averageLatentIsComputedWhereTrainingLeftNone() throws {
        let reader = try read(TorchSave("g_ema", Self.rosinality))
        #expect(reader.metadata == CheckpointMetadata(averageSamples: 4096))
        #expect(reader.shape(of: "mapping.w_avg") == nil)
    }

    @Test func shapesOfTheFileAreChecked() {
        var tensors = Self.rosinality
        tensors[3] = ("conv1.conv.weight", [1, 9], (0..<9).map(Float.init))
        #expect(
            throws: CheckpointError.unexpectedShape(
                name: "conv1.conv.weight", expected: [1, nil, nil, 3, 3], actual: [1, 9])
        ) { try read(TorchSave("g_ema", tensors)) }
    }

    @Test func officialNames() throws {
        let skip: [(String, [Int], [Float])] = [
            ("mapping.fc0.weight", [1, 1], [1]), ("synthesis.b4.const", [1], [1]),
            ("synthesis.b8.conv1.weight", [1], [1]),
        ]
        let table: [([String], CheckpointMetadata.BlockArchitecture)] = [
            (["synthesis.b4.torgb.weight"], .skip), ([], .orig), (["synthesis.b8.skip.weight"], .resnet),
        ]
        for (names, architecture) in table {
            let reader = try read(TorchSave("", skip + names.map { ($0, [1], [1]) }))
            #expect(reader.metadata.blockArchitecture == architecture)
            #expect(reader.tensorNames.contains("synthesis.b4.const"))
        }
    }

    @Test func otherNetworksAreNamed() {
        var save = TorchSave("model", [("encoder.weight", [1], [1]), ("encoder.bias", [1], [1])])
        save.dictionaries.append(("", [("step", [], [1])]))
        #expect(
            throws: CheckpointError.unsupported(
                detail:
                    "the tensors are of no known generator (StyleGAN2 of rosinality/stylegan2-pytorch or of NVIDIA, "
                    + "DCGAN); the file has 'step'; 'model' with 'encoder.weight', 'encoder.bias'")
        ) { try read(save) }
        #expect(
            throws: CheckpointError.unsupported(
                detail:
                    "the tensors are of no known generator (StyleGAN2 of rosinality/stylegan2-pytorch or of NVIDIA, "
                    + "DCGAN); the file has no tensor")
        ) { try read(TorchSave("", [])) }
    }
}
