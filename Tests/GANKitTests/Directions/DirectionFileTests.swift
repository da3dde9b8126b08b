// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import GANKit

struct DirectionFileTests {
    /// zDim 3, wDim 2, numWs 4.
    static let configuration = GeneratorConfiguration(
        architecture: "stylegan2", zDim: 3, cDim: 0, wDim: 2, numWs: 4, imgResolution: 8, imgChannels: 3)

    static func read(_ bytes: [UInt8], space: LatentDirection.Space) throws -> [DirectionFile.Entry] {
        let file = try ScratchFile(bytes)
        return try DirectionFile.read(path: file.path, space: space, for: configuration)
    }

    /// A `.npy` whose elements are 0, 1, 2...
    static func array(_ shape: [Int]) -> [UInt8] {
        let lengths = shape.map { "\($0), " }.joined()
        let data = (0..<shape.reduce(1, *)).map { index in
            Float(index).bitPattern.littleEndian
        }.flatMap { bits in (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) } }
        return NumPyFileTests.file("{'descr': '<f4', 'fortran_order': False, 'shape': (\(lengths)), }", "") + data
    }

    @Test(
        arguments: [
            ([3], .z, [[0, 1, 2]], "a vector of z"), ([1, 3], .z, [[0, 1, 2]], "InterFaceGAN's boundary in z"),
            ([2], .w, [[0, 1]], "a vector of w"), ([1, 2], .w, [[0, 1]], "InterFaceGAN's boundary in w"),
            ([2, 1, 2], .w, [[0, 1], [2, 3]], "GANSpace's components"),
            ([4, 2], .w, [[0, 1, 2, 3, 4, 5, 6, 7]], "a vector for each layer"),
        ] as [([Int], LatentDirection.Space, [[Float]], String)])
    func shapesOfKnownToolsAreRead(
        shape: [Int], space: LatentDirection.Space, vectors: [[Float]], reason: String
    ) throws {
        let entries = try Self.read(Self.array(shape), space: space)
        #expect(entries.count == 1 && entries[0].name == nil)
        #expect(entries[0].directions.map(\.vectors) == vectors, "\(reason)")
        #expect(entries[0].directions.allSatisfy { $0.space == space && $0.length == (space == .z ? 3 : 2) })
    }

    @Test(
        arguments: [
            ([2], .z, "a vector of w in z"), ([4, 3], .z, "layers in z"),
            ([3, 2], .w, "layers that the model does not have"),
            ([0, 1, 2], .w, "no component"), ([1, 1, 1, 2], .w, "an axis too many"), ([], .w, "a number"),
            ([2, 2, 2], .w, "components of layers"),
        ] as [([Int], LatentDirection.Space, String)])
    func otherShapesAreRefused(shape: [Int], space: LatentDirection.Space, reason: String) {
        #expect(throws: CheckpointError.self, "\(reason)") { try Self.read(Self.array(shape), space: space) }
    }

    @Test func errorNamesTheArrayAndWhatItMayBe() {
        let expected = "the array of shape [5] is no direction of w, which is [2], [1, 2], [4, 2] or [K, 1, 2]"
        #expect(throws: CheckpointError.unsupported(detail: expected)) { try Self.read(Self.array([5]), space: .w) }
    }

    @Test func tensorsOfASafetensorsFileAreNamed() throws {
        let bytes = SafetensorsFile.bytes(
            header: """
                {"smile":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},\
                "age":{"dtype":"F16","shape":[2],"data_offsets":[8,12]}}
                """,
            data: [UInt8](hex: "0000803f00000040 003800c0"))
        let entries = try Self.read(bytes, space: .w)
        #expect(entries.map(\.name) == ["age", "smile"])
        #expect(entries.map { $0.directions.map(\.vectors) } == [[[0.5, -2]], [[1, 2]]])
    }

    @Test(
        arguments: [
            (Array("PK".utf8), "another format"), ([], "an empty file"),
            (SafetensorsFile.bytes(header: "{}", data: []), "no tensors"),
            (
                NumPyFileTests.file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "0000c07f 00000040"),
                "NaN"
            ),
        ] as [([UInt8], String)])
    func otherFilesAreRefused(bytes: [UInt8], reason: String) {
        #expect(throws: CheckpointError.self, "\(reason)") { try Self.read(bytes, space: .w) }
    }
}
