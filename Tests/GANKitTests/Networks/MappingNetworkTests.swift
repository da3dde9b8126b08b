// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GANKit

struct MappingNetworkTests {
    static func mapping() throws -> MappingNetwork {
        let checkpoint = SyntheticCheckpoint.styleGAN2(
            imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 16, wDim: 12, mappingLayers: 3, cDim: 4)
        return try MappingNetwork(ParameterMap(reader: checkpoint), wDim: 12, numWs: 4, loop: ParallelLoop(threads: 1))
    }

    @Test func sizesAreReadOffTheTensors() throws {
        let mapping = try Self.mapping()
        #expect(mapping.zDim == 16)
        #expect(mapping.cDim == 4)
    }

    /// A reader that hides the average w.
    private struct WithoutAverage: CheckpointReader {
        let reader: any CheckpointReader
        var metadata: CheckpointMetadata
        var formatName: String { reader.formatName }
        var tensorNames: [String] { reader.tensorNames.filter { $0 != "mapping.w_avg" } }
        func shape(of name: String) -> [Int]? { tensorNames.contains(name) ? reader.shape(of: name) : nil }
        func tensor(_ name: String) throws -> Tensor { try reader.tensor(name) }
    }

    @Test(arguments: [1, 3])
    func averageIsComputedWhereTheFileHasNone(threads: Int) throws {
        let reader = WithoutAverage(
            reader: SyntheticCheckpoint.styleGAN2(
                imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 16, wDim: 12, mappingLayers: 3),
            metadata: CheckpointMetadata(averageSamples: 5))
        let mapping = try MappingNetwork(
            ParameterMap(reader: reader), wDim: 12, numWs: 4, loop: ParallelLoop(threads: threads))
        // numpy.random.RandomState(0).randn(5, 16)
        var stream = NumPyRandomState(seed: 0)
        let ws = (0..<5).map { _ in mapping(z: stream.standardNormal(count: 16).map { Float($0) }, classIndex: 0) }
        for index in 0..<12 {
            let mean = ws.reduce(0.0) { $0 + Double($1[index]) } / 5
            #expect(mapping.wAvg[index] == Float(mean))
        }
    }

    @Test func averageIsNeededOtherwise() {
        let reader = WithoutAverage(
            reader: SyntheticCheckpoint.styleGAN2(
                imgResolution: 8, channelBase: 64, channelMax: 8, zDim: 16, wDim: 12, mappingLayers: 3),
            metadata: CheckpointMetadata())
        #expect(throws: CheckpointError.missingTensor(name: "mapping.w_avg")) {
            try MappingNetwork(ParameterMap(reader: reader), wDim: 12, numWs: 4, loop: ParallelLoop(threads: 1))
        }
    }

    @Test func normalizationGivesUnitSecondMoment() {
        let x = MappingNetwork.normalize2ndMoment([3, -4, 0, 5])
        // mean of squares 12.5
        #expect(abs(x.reduce(0) { $0 + $1 * $1 } / 4 - 1) < 1e-6)
        #expect(abs(x[1] + 4 / Float(12.5).squareRoot()) < 1e-6)
    }

    @Test func truncationOneLeavesWAndZeroGivesTheAverage() throws {
        let mapping = try Self.mapping()
        let w = mapping(z: [Float](repeating: 0.5, count: 16), classIndex: 2)
        #expect(mapping.truncate(w, psi: 1, cutoff: nil) == [[Float]](repeating: w, count: 4).flatMap(\.self))
        #expect(
            mapping.truncate(w, psi: 0, cutoff: nil) == [[Float]](repeating: mapping.wAvg, count: 4).flatMap(\.self))
    }

    @Test(arguments: [(0, 0), (1, 1), (4, 4), (99, 4)])
    func cutoffTruncatesTheFirstCopiesOnly(cutoff: Int, truncated: Int) throws {
        let mapping = try Self.mapping()
        let w = mapping(z: [Float](repeating: 0.5, count: 16), classIndex: 2)
        let ws = mapping.truncate(w, psi: 0, cutoff: cutoff)
        #expect(ws == (0..<4).flatMap { $0 < truncated ? mapping.wAvg : w })
    }

    @Test func classChangesW() throws {
        let mapping = try Self.mapping()
        let z = [Float](repeating: 0.5, count: 16)
        #expect(mapping(z: z, classIndex: 0) != mapping(z: z, classIndex: 1))
    }
}
