// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

@Suite struct DCGANStateDictTests {
    private func read(_ save: TorchSave) throws -> AssembledCheckpoint {
        try TorchStateDictReader.read(zip: ByteView(copying: save.zip.bytes))
    }

    private func save(_ changes: (inout [(String, [Int], [Float])]) -> Void) -> TorchSave {
        var save = TorchSave.dcgan
        changes(&save.dictionaries[0].tensors)
        return save
    }

    @Test func batchNormalizationIsMultipliedIn() throws {
        let reader = try read(TorchSave.dcgan)
        #expect(reader.metadata.architecture == "dcgan")
        #expect(reader.metadata.dcgan == DCGANTraits(strides: [2, 2], paddings: [1, 1]))
        // gamma / sqrt(running_var + 1e-5) = 3 / sqrt(4.00001)
        let scale = 3 / (4 + 1e-5).squareRoot()
        #expect(try reader.tensor("stem.weight").elements == [Float(scale), Float(-2 * scale)])
        // beta - running_mean * scale
        #expect(try reader.tensor("stem.bias").elements == [Float(0.5 - 0.25 * scale)])
        #expect(try reader.tensor("layers.0.weight").elements == (0..<16).map { Float($0) / 16 })
        #expect(try reader.tensor("layers.0.bias").elements == [0])
        #expect(
            reader.tensorNames == [
                "layers.0.bias", "layers.0.weight", "layers.1.bias", "layers.1.weight", "stem.bias", "stem.weight",
            ])
    }

    @Test func linearStemMakesASquareImage() throws {
        // Two channels of 2x2 pixels from one z.
        let reader = try read(
            save {
                $0[0] = ("fc.weight", [8, 1], (0..<8).map(Float.init))
                $0.insert(("fc.bias", [8], (0..<8).map { Float($0) / 8 }), at: 1)
                $0.removeSubrange(2...5)
                $0[2] = ("up.0.weight", [2, 1, 4, 4], .init(repeating: 1, count: 32))
            })
        #expect(reader.shape(of: "stem.weight") == [1, 2, 2, 2])
        #expect(try reader.tensor("stem.weight").elements == (0..<8).map(Float.init))
        #expect(try reader.tensor("stem.bias").elements == (0..<8).map { Float($0) / 8 })
    }

    @Test func filtersOfFiveHavePaddingTwo() throws {
        let reader = try read(save { $0[6] = ("main.6.weight", [1, 1, 5, 5], .init(repeating: 1, count: 25)) })
        #expect(reader.metadata.dcgan?.paddings == [1, 2])
    }

    @Test func averagedWeightsAreTaken() throws {
        var save = TorchSave.dcgan
        let averaged = save.dictionaries[0].tensors.map { ($0.0, $0.1, $0.2.map { $0 * 2 }) }
        save.dictionaries.append(("netG_ema", averaged))
        let reader = try read(save)
        #expect(try reader.tensor("layers.1.weight").elements[1] == 2 / 32)
        #expect(reader.unused == ["dictionary 'netG_state_dict'"])
    }

    @Test func discriminatorIsNoGenerator() throws {
        // Convolutions have the outputs first: 3 channels to 2 to 1.
        let discriminator: [(String, [Int], [Float])] = [
            ("main.0.weight", [2, 3, 4, 4], .init(repeating: 1, count: 96)),
            ("main.2.weight", [4, 2, 4, 4], .init(repeating: 1, count: 128)),
            ("main.4.weight", [1, 4, 4, 4], .init(repeating: 1, count: 64)),
        ]
        var both = TorchSave("netD_state_dict", discriminator)
        both.dictionaries += TorchSave.dcgan.dictionaries
        #expect(try read(both).unused == ["dictionary 'netD_state_dict'"])
        #expect(throws: CheckpointError.self) { try read(TorchSave("netD_state_dict", discriminator)) }
    }

    struct Spoilt: CustomTestStringConvertible {
        let testDescription: String
        let error: CheckpointError
        let spoil: @Sendable (inout [(String, [Int], [Float])]) -> Void
    }

    static let spoilt = [
        Spoilt(testDescription: "no mean", error: .missingTensor(name: "main.1.running_mean")) { $0.remove(at: 3) },
        Spoilt(
            testDescription: "statistics of other channels",
            error: .unexpectedShape(name: "main.1.running_var", expected: [1], actual: [2])
        ) { $0[4] = ("main.1.running_var", [2], [1, 1]) },
        Spoilt(
            testDescription: "an unknown geometry",
            error: .unsupported(
                detail:
                    "tensor 'main.6.weight': transposed convolutions of 3x3 are not supported in a DCGAN, only 4x4 and 5x5"
            )
        ) { $0[6] = ("main.6.weight", [1, 1, 3, 3], .init(repeating: 1, count: 9)) },
        Spoilt(
            testDescription: "normalisation first",
            error: .unsupported(detail: "batch normalisation 'bn' follows no convolution")
        ) {
            $0.insert(("bn.running_mean", [1], [1]), at: 0)
        },
        Spoilt(
            testDescription: "no square",
            error: .unsupported(detail: "tensor 'fc.weight': 3 outputs are no square image of 1 channels")
        ) {
            $0[0] = ("fc.weight", [3, 1], [1, 2, 3])
            $0.removeSubrange(1...4)
        },
    ]

    @Test(arguments: spoilt)
    func saysWhatIsWrong(_ row: Spoilt) {
        #expect(throws: row.error) { try read(save(row.spoil)) }
    }
}
