// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct GeneratorTests {
    static func generator(cDim: Int = 0) throws -> Generator {
        try Generator(
            checkpoint: SyntheticCheckpoint.styleGAN2(
                imgResolution: 16, channelBase: 256, channelMax: 32, zDim: 16, wDim: 16, mappingLayers: 2, cDim: cDim))
    }

    @Test func sizesAreReadOffTheTensors() throws {
        #expect(
            try Self.generator(cDim: 5).configuration
                == GeneratorConfiguration(
                    architecture: "stylegan2", zDim: 16, cDim: 5, wDim: 16, numWs: 6, imgResolution: 16,
                    imgChannels: 3))
    }

    @Test(arguments: NoiseMode.allCases)
    func bitsDependOnNeitherThreadsNorWhatCameBefore(noiseMode: NoiseMode) throws {
        let generator = try Self.generator()
        let request = GenerationRequest(seed: 3, truncationPsi: 0.7, noiseMode: noiseMode)
        let first = try generator.generate(request, workspace: generator.makeWorkspace(threads: 1))
        for threads in [1, 2, 4] {
            let workspace = generator.makeWorkspace(threads: threads)
            _ = try generator.generate(GenerationRequest(seed: 4, noiseMode: .random), workspace: workspace)
            #expect(try generator.generate(request, workspace: workspace) == first)
        }
    }

    /// 128x128 has blocks that a batch shares and one that it does not.
    @Test(
        arguments: [1, 2, 3, 8],
        [(CheckpointMetadata.BlockArchitecture.skip, 1), (.skip, 2), (.skip, 4), (.resnet, 2), (.orig, 2)])
    func bitsDependOnNeitherBatchNorNeighbours(
        batch: Int, network: (architecture: CheckpointMetadata.BlockArchitecture, threads: Int)
    ) throws {
        let generator = try Generator(
            checkpoint: SyntheticCheckpoint.styleGAN2(
                imgResolution: 128, channelBase: 1024, channelMax: 48, zDim: 16, wDim: 16, mappingLayers: 2,
                architecture: network.architecture))
        var requests: [GenerationRequest] = []
        for index in 0..<11 {
            let cutoff: Int? = index % 3 == 0 ? 4 : nil
            requests.append(
                GenerationRequest(
                    seed: UInt32(index), truncationPsi: Float(index) / 10, truncationCutoff: cutoff,
                    noiseMode: NoiseMode.allCases[index % 3]))
        }
        let alone = generator.makeWorkspace(threads: 1)
        let expected = try requests.map { try generator.generate($0, workspace: alone) }
        var pictures: [Int: RGBImage] = [:]
        let workspace = generator.makeWorkspace(threads: network.threads, batch: batch)
        generator.generate(requests, workspace: workspace) { index, picture in pictures[index] = try? picture.get() }
        for (index, picture) in expected.enumerated() {
            #expect(pictures[index] == picture, "seed \(index)")
        }
    }

    @Test func requestThatCannotBeServedFailsAlone() throws {
        let generator = try Self.generator()
        var failures: [Int: GenerationError] = [:]
        var pictures: Set<Int> = []
        generator.generate(
            [GenerationRequest(seed: 0), GenerationRequest(seed: 1, classIndex: 3), GenerationRequest(seed: 2)],
            workspace: generator.makeWorkspace(threads: 1, batch: 8)
        ) { index, picture in
            switch picture {
            case .success: pictures.insert(index)
            case .failure(let error): failures[index] = error
            }
        }
        #expect(pictures == [0, 2])
        #expect(failures == [1: .classNotSupported(classIndex: 3)])
    }

    @Test func everyParameterMatters() throws {
        let generator = try Self.generator()
        let workspace = generator.makeWorkspace(threads: 1)
        let requests = [
            GenerationRequest(seed: 3), GenerationRequest(seed: 4), GenerationRequest(seed: 3, truncationPsi: 0.7),
            GenerationRequest(seed: 3, truncationPsi: 0.7, truncationCutoff: 2),
            GenerationRequest(seed: 3, noiseMode: .random), GenerationRequest(seed: 3, noiseMode: .none),
        ]
        let pictures = try requests.map { try generator.generate($0, workspace: workspace).pixels }
        #expect(Set(pictures).count == requests.count)
    }

    @Test func classIsNeededExactlyByConditionalModels() throws {
        let unconditional = try Self.generator()
        let conditional = try Self.generator(cDim: 5)
        let table: [(Generator, Int?, GenerationError?)] = [
            (unconditional, nil, nil),
            (unconditional, 0, .classNotSupported(classIndex: 0)),
            (conditional, nil, .classMissing(classes: 5)),
            (conditional, 0, nil),
            (conditional, 4, nil),
            (conditional, 5, .classOutOfRange(classIndex: 5, classes: 5)),
            (conditional, -1, .classOutOfRange(classIndex: -1, classes: 5)),
        ]
        for (generator, classIndex, error) in table {
            let workspace = generator.makeWorkspace(threads: 1)
            let request = GenerationRequest(seed: 0, classIndex: classIndex)
            if let error {
                #expect(throws: error) { try generator.generate(request, workspace: workspace) }
            } else {
                _ = try generator.generate(request, workspace: workspace)
            }
        }
    }

    @Test func randomNoiseContinuesTheSeedsStream() throws {
        let constant = try Tensor(shape: [4, 4], elements: [Float](repeating: 0, count: 16))
        var stream = NumPyRandomState(seed: 9)
        _ = stream.standardNormal(count: 16)
        var buffer = [Float](repeating: 0, count: 16)
        var noise = NoiseSource(mode: .random, stream: stream)
        _ = noise.next(constant: constant, buffer: &buffer)
        // numpy.random.RandomState(9).randn(32)[16:]
        var reference = NumPyRandomState(seed: 9)
        let expected = reference.standardNormal(count: 32)[16...].map { Float($0) }
        #expect(buffer == expected)
    }
}
